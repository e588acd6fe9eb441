/**
 * What is put in for matching, and the answers to what was pasted: kept while the window is open, so that the way back
 * from a company leads to the same list. What was pasted stays in this window over a reload too, and is answered anew.
 */
import { ref, shallowRef } from 'vue'

import { follow, matchRows, sendList, type FileKind, type Sent, type State } from '@/api/match'
import { Problem } from '@/api/problem'
import type { AnsweredRow, AnsweredRows, MatchCounts, MatchFile, MatchResult } from '@/api/types'
import { PASTED_COLUMNS, pastedIn, STATES, type Columns, type Pasted } from '@/text/matching'

import { keep, recall } from './remember'
import { keepInTab, kept } from './tab'
import { useRequest } from './useRequest'

/** Answered rows, wherever they are. */
export interface Answers {
  counts: MatchCounts
  columns: Columns
  rows: (state: State | undefined, cursor: string | undefined, signal: AbortSignal) => Promise<AnsweredRows>
}

/** Names the answers to what was pasted where an uploaded list has its identifier. */
export const PASTED = 'pasted'
const PAGE = 50

const file = shallowRef<File>()
const column = ref('')
const to = ref<FileKind | ''>('')
/** What was pasted last, by the name under which the window keeps it. */
const TEXT = 'pasted'
const text = ref(kept<string>(TEXT) ?? '')
const pasted = shallowRef<AnsweredRow[]>()

export const useInput = () => ({ file, column, to, text, pasted })

const answered = (said: Pasted, at: number, { state, error, ...result }: MatchResult): AnsweredRow => ({
  ...result,
  row: at + 1,
  input: Object.fromEntries(Object.entries(said).filter(([, text]) => text)),
  state: error === null ? state : 'error',
  error,
})

/** `said`: the text that the lines were read from, which the window keeps. */
async function answerPasted(said: string, lines: readonly Pasted[], signal: AbortSignal): Promise<AnsweredRow[]> {
  const rows = lines.map((line) => ({ name: line.名称, uscc: line.统一社会信用代码 }))
  const { results } = await matchRows(rows, signal)
  keepInTab(TEXT, said)
  return lines.flatMap((line, at) => results.slice(at, at + 1).map((result) => answered(line, at, result)))
}

export function answersIn(rows: readonly AnsweredRow[]): Answers {
  const of = (state: State) => rows.filter((row) => row.state === state)
  const counts = Object.fromEntries(Object.keys(STATES).map((state) => [state, of(state as State).length]))
  return {
    counts: counts as unknown as MatchCounts,
    columns: PASTED_COLUMNS,
    rows: (state, cursor) => {
      const chosen = state ? of(state) : rows
      const end = Number(cursor ?? 0) + PAGE
      const next = end < chosen.length ? String(end) : null
      return Promise.resolve({ hits: chosen.slice(end - PAGE, end), cursor: next })
    },
  }
}

/** The answers to what was pasted, asked for; after a reload, of what the window kept. */
export function usePasted() {
  const request = useRequest<AnsweredRow[]>()
  const ask = async (): Promise<boolean> => {
    const [said, lines] = [text.value, pastedIn(text.value)]
    const rows = await request.run((signal) => answerPasted(said, lines, signal))
    if (rows) pasted.value = rows
    return !!rows
  }
  return { ...request, ask }
}

/** The file that was sent last, and the list that it became: a column is chosen for it afterwards. */
const sentLast = shallowRef<{ id: string; file: File }>()

export function useUpload() {
  const request = useRequest<MatchFile>()
  const send = async (chosen: File, name: string): Promise<string | undefined> => {
    const asked: Sent = {
      filename: chosen.name.slice(-200),
      ...(name && { column: name }),
      ...(to.value && { to: to.value }),
    }
    const sent = await request.run((signal) => sendList(chosen, asked, signal))
    if (sent) sentLast.value = { id: sent.id, file: chosen }
    return sent?.id
  }
  const sentAs = (id: string) => (sentLast.value?.id === id ? sentLast.value.file : undefined)
  return { ...request, send, sentAs }
}

/** An uploaded list on its way; what is known of it grows until it is done or failed. */
export function useList() {
  const request = useRequest<MatchFile>()
  const look = async (id: string) => {
    const ended = await request.run((signal) => follow(id, signal, (progress) => (request.data.value = progress)))
    if (ended) keep(`list ${id}`, ended)
  }
  /** One that was seen done is painted at once. */
  const start = async (id: string) => {
    request.data.value = recall<MatchFile>(`list ${id}`)
    if (!request.data.value) await look(id)
  }
  return { ...request, start, look }
}

const save = (address: string, filename: string) => {
  const link = document.createElement('a')
  link.href = address
  link.download = filename
  link.click()
}

/** What was pasted as a file: it takes the way of an uploaded list. */
export function usePastedFile() {
  const request = useRequest<MatchFile>()
  const make = async (lines: readonly AnsweredRow['input'][], kind: FileKind) => {
    const list = new Blob(lines.map((line) => `${JSON.stringify({ 名称: '', 统一社会信用代码: '', ...line })}\n`))
    const done = await request.run(async (signal) => {
      const { id } = await sendList(list, { filename: '粘贴的名单.jsonl', to: kind }, signal)
      const made = await follow(id, signal)
      if (!made.result) throw new Problem('failed', { message: made.error ?? '' })
      return made
    })
    if (done?.result) save(done.result, done.filename)
  }
  return { ...request, make }
}
