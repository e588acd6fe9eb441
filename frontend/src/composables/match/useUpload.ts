/**
 * A list in a file: what is chosen, what is sent, and what was sent last, since another column may be meant. A file that
 * is not large stays in this window over a reload; it is gone when the window is closed.
 */
import { ref, shallowRef } from 'vue'

import { sendList, type FileKind, type Named } from '@/api/match'
import type { MatchFile } from '@/api/types'

import { keepInTab, kept } from '../tab'
import { useRequest } from '../useRequest'

interface KeptFile {
  id: string
  name: string
  data: string
}

const KEPT = 'list'
/** Bytes of a file that a window keeps: with what it takes as text it fits where a page may store five megabytes. */
const MOST_KEPT = 3 << 20

const file = shallowRef<File>()
const to = ref<FileKind | ''>('')
const sentLast = shallowRef<{ id: string; file: File }>()

export const useFile = () => ({ file, to })

const dataOf = (file: Blob) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error())
    reader.readAsDataURL(file)
  })

async function keepFile(id: string, file: File) {
  sentLast.value = { id, file }
  const data = file.size <= MOST_KEPT ? await dataOf(file).catch(() => '') : ''
  keepInTab(KEPT, data && { id, name: file.name, data })
}

const restored = (id: string): File | undefined => {
  const found = kept<KeptFile | ''>(KEPT)
  if (!found || found.id !== id) return undefined
  return new File([Uint8Array.from(atob(found.data), (char) => char.charCodeAt(0))], found.name)
}

/** The file that became a list, as far as this window has it. */
export const fileOf = (id: string): File | undefined =>
  sentLast.value?.id === id ? sentLast.value.file : restored(id)

export function forgetFile(): void {
  sentLast.value = undefined
  keepInTab(KEPT, '')
}

export function useUpload() {
  const request = useRequest<MatchFile>()
  const send = async (chosen: File, columns: Named = {}): Promise<string | undefined> => {
    const sent = await request.run((signal) => sendList(chosen, { filename: chosen.name, columns, to: to.value }, signal))
    if (sent) void keepFile(sent.id, chosen)
    return sent?.id
  }
  return { ...request, send }
}

/** Have the browser save what is at an address. */
export const save = (address: string, filename: string): void => {
  const link = document.createElement('a')
  link.href = address
  link.download = filename
  link.click()
}
