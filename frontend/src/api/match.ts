/** Matching over the API: names at once, or a list in a file that is followed until it is answered. */
import type { Field, Filter, Judgment } from '@/text/matching'

import { answer, client, named } from './client'
import type { MatchFile } from './types'

/** Names that one request may hold, and rows of a list. */
export const MOST_AT_ONCE = 1000
export const MOST_ROWS = 100_000
export const PAGE = 100
export const LISTS = ['.csv', '.tsv', '.txt', '.xlsx', '.xlsm', '.xls', '.parquet', '.jsonl', '.json'] as const
export type FileKind = 'csv' | 'xlsx' | 'parquet'

/** Which column says what; '': none does. What is left out is found by the server. */
export type Named = Readonly<Partial<Record<Field, string>>>

export const matchRows = (rows: { name: string; uscc: string }[], signal: AbortSignal) =>
  named(client.POST('/api/v1/match', { body: { rows }, signal }))

/** The receipt of how one row is answered now. */
export const rowReceipt = async (row: Partial<Record<Field, string>>, signal: AbortSignal) =>
  (await answer(client.POST('/api/v1/receipts/match', { body: { rows: [row] }, signal }))).receipts[0]

export interface Sent {
  filename: string
  columns?: Named
  to?: FileKind | ''
}

export const sendList = (file: Blob, { filename, columns = {}, to }: Sent, signal: AbortSignal) => {
  const { name: column, ...others } = columns
  const query = { filename: filename.slice(-200), ...others, ...(column !== undefined && { column }), ...(to && { to }) }
  return answer(
    client.POST('/api/v1/match/files', {
      params: { query },
      body: file as unknown as string, // what the description calls binary is a string in its types
      bodySerializer: (body) => body,
      headers: { 'content-type': 'application/octet-stream' },
      signal,
    }),
  )
}

const list = (file_id: string) => ({ path: { file_id } })

const progressOf = (id: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/match/files/{file_id}', { params: list(id), signal }))

/** The header of a list, its first rows, and which columns are taken for what. */
export const columnsOf = (id: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/match/files/{file_id}/columns', { params: list(id), signal }))

const asked = (filter: Filter | undefined) => {
  if (!filter) return {}
  if (filter === 'near' || filter === 'several' || filter === 'differs') return { doubt: filter }
  if (filter === 'open') return { judged: 'no' as const }
  return filter === 'judged' ? { judged: 'yes' as const } : { state: filter }
}

export const rowsOf = (id: string, filter: Filter | undefined, cursor: string | undefined, signal: AbortSignal) =>
  named(
    client.GET('/api/v1/match/files/{file_id}/rows', {
      params: { ...list(id), query: { ...asked(filter), page_size: PAGE, ...(cursor && { cursor }) } },
      signal,
    }),
  )

const judged = (row: number, judgment: Judgment | null) => {
  if (!judgment) return { row, judgment: 'open' as const }
  return judgment.entity_id ? { row, judgment: 'confirmed' as const, entity_id: judgment.entity_id } : { row, judgment: 'refused' as const }
}

/** What a person says of rows, by their place; `null` takes it back. */
export const judgeRows = (id: string, said: ReadonlyMap<number, Judgment | null>, signal: AbortSignal) =>
  answer(
    client.POST('/api/v1/match/files/{file_id}/judgments', {
      params: list(id),
      body: { judgments: [...said].map(([row, judgment]) => judged(row, judgment)) },
      signal,
    }),
  )

/** Have the answer written again, with what a person says. */
export const writeAgain = (id: string, signal: AbortSignal) =>
  answer(client.POST('/api/v1/match/files/{file_id}/result', { params: list(id), signal }))

/** Also where nobody waits for it: the page may be going away. */
export const removeList = (id: string) => client.DELETE('/api/v1/match/files/{file_id}', { params: list(id), keepalive: true })

/** Milliseconds until a list is asked again that was followed for so long: soon at first, for a short one ends soon. */
const untilNext = (followed: number): number => (followed < 3000 ? 100 : followed < 30_000 ? 500 : 1000)

const pause = (signal: AbortSignal, time: number) =>
  new Promise<void>((resolve, reject) => {
    const timer = window.setTimeout(resolve, time)
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer)
      reject(new DOMException('', 'AbortError'))
    })
  })

/** The list once it is done or failed; `tell` hears how far it is until then. */
export async function follow(id: string, signal: AbortSignal, tell?: (file: MatchFile) => void): Promise<MatchFile> {
  const begun = performance.now()
  for (;;) {
    const file = await progressOf(id, signal)
    if (file.state === 'done' || file.state === 'failed') return file
    tell?.(file)
    await pause(signal, untilNext(performance.now() - begun))
  }
}
