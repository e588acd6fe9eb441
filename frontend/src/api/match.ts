/** Matching over the API: names at once, or a list in a file that is followed until it is answered. */
import { answer, client, named } from './client'
import type { AnsweredRow, MatchFile } from './types'

export const MOST_ROWS = 1000
export const LISTS = ['.csv', '.tsv', '.txt', '.xlsx', '.xlsm', '.xls', '.parquet', '.jsonl', '.json'] as const
export type State = AnsweredRow['state']
export type FileKind = 'csv' | 'xlsx' | 'parquet'

/** How often a list is asked how far it is. */
const EVERY_MS = 500

export const matchRows = (rows: { name: string; uscc: string }[], signal: AbortSignal) =>
  named(client.POST('/api/v1/match', { body: { rows }, signal }))

export interface Sent {
  filename: string
  column?: string
  to?: FileKind
}

export const sendList = (file: Blob, query: Sent, signal: AbortSignal) =>
  answer(
    client.POST('/api/v1/match/files', {
      params: { query },
      body: file as unknown as string, // what the description calls binary is a string in its types
      bodySerializer: (body) => body,
      headers: { 'content-type': 'application/octet-stream' },
      signal,
    }),
  )

const list = (file_id: string) => ({ path: { file_id } })

const progressOf = (id: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/match/files/{file_id}', { params: list(id), signal }))

export const rowsOf = (id: string, state: State | undefined, cursor: string | undefined, signal: AbortSignal) =>
  named(
    client.GET('/api/v1/match/files/{file_id}/rows', {
      params: { ...list(id), query: { ...(state && { state }), ...(cursor && { cursor }) } },
      signal,
    }),
  )

/** Also where nobody waits for it: the page may be going away. */
export const removeList = (id: string) => client.DELETE('/api/v1/match/files/{file_id}', { params: list(id), keepalive: true })

const pause = (signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = window.setTimeout(resolve, EVERY_MS)
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer)
      reject(new DOMException('', 'AbortError'))
    })
  })

/** The list once it is done or failed; `tell` hears how far it is until then. */
export async function follow(id: string, signal: AbortSignal, tell?: (file: MatchFile) => void): Promise<MatchFile> {
  for (;;) {
    const file = await progressOf(id, signal)
    if (file.state === 'done' || file.state === 'failed') return file
    tell?.(file)
    await pause(signal)
  }
}
