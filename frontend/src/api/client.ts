/** The API's endpoints as functions: an answer, or a `Problem` thrown. Aborted requests throw `AbortError`. */
import createClient from 'openapi-fetch'

import { known } from '@/text/coverage'
import { words } from '@/text/words'

import { toldAlready } from './told'
import { fromAnswer, fromError, isAbort } from './problem'
import type { paths } from './schema'
import type { Quality } from './types'

export const client = createClient<paths>()
client.use(toldAlready)

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never
export type EntityQuery = Query<'/api/v1/entities'>
export type RecordQuery = Query<'/api/v1/records'>

export async function answer<T>(request: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  try {
    const { data, error, response } = await request
    if (data === undefined) throw fromAnswer(response.status, error)
    return data
  } catch (error) {
    throw isAbort(error) ? error : fromError(error)
  }
}

/** What is loaded; whoever asks for it renews the words too. */
export const getAbout = async (signal: AbortSignal) => {
  const about = await answer(client.GET('/api/v1/about', { signal }))
  words.value = about
  known.value = about.coverage
  return about
}

let asked: Promise<void> | undefined

/** The words for kinds and facts, asked once. Without them the page shows what it can; the next answer asks again. */
export const loadWords = (): Promise<void> =>
  (asked ??= getAbout(new AbortController().signal).then(
    () => undefined,
    () => {
      asked = undefined
    },
  ))

/** An answer, once there are words to show it in. */
export async function named<T>(request: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const [given] = await Promise.all([answer(request), loadWords()])
  return given
}

export const findEntities = (query: EntityQuery, signal: AbortSignal) =>
  named(client.GET('/api/v1/entities', { params: { query }, signal }))

/** `as_of`: the day that it is asked about; empty: today. */
export const getEntity = (entity_id: string, as_of: string, signal: AbortSignal) =>
  named(client.GET('/api/v1/entities/{entity_id}', { params: { path: { entity_id }, query: as_of ? { as_of } : {} }, signal }))

/** Head office, branches, and who is at the same address. */
export const getRelatives = (entity_id: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/entities/{entity_id}/relatives', { params: { path: { entity_id } }, signal }))

export const getTimeline = (entity_id: string, cursor: string | undefined, signal: AbortSignal) =>
  named(
    client.GET('/api/v1/entities/{entity_id}/records', {
      params: { path: { entity_id }, query: { page_size: 100, ...(cursor && { cursor }) } },
      signal,
    }),
  )

export const findRecords = (query: RecordQuery, signal: AbortSignal) =>
  named(client.GET('/api/v1/records', { params: { query }, signal }))

export const getRecord = (record_id: string, signal: AbortSignal) =>
  named(client.GET('/api/v1/records/{record_id}', { params: { path: { record_id } }, signal }))

/** The receipt of what is published now, without its answer; `as_of`: of a company on that day. */
export const getReceipt = (place: 'entities' | 'records', id: string, as_of: string, signal: AbortSignal) =>
  answer(
    place === 'entities'
      ? client.GET('/api/v1/receipts/entities/{entity_id}', {
          params: { path: { entity_id: id }, query: { answer: false, ...(as_of && { as_of }) } },
          signal,
        })
      : client.GET('/api/v1/receipts/records/{record_id}', { params: { path: { record_id: id }, query: { answer: false } }, signal }),
  )

/** Where the whole receipt is. */
export const receiptAddress = (place: 'entities' | 'records', id: string, as_of: string) =>
  `/api/v1/receipts/${place}/${encodeURIComponent(id)}${as_of ? `?as_of=${as_of}` : ''}`

/** All rows, newest months first: a person sees whole offices, so pages of months are put together. */
export const getQuality = async (signal: AbortSignal): Promise<Quality> => {
  const rows: Quality['rows'] = []
  let cursor: string | undefined
  for (;;) {
    const query = { limit: 5000, ...(cursor && { cursor }) }
    const page = await answer(client.GET('/api/v1/quality', { params: { query }, signal }))
    rows.push(...page.rows)
    if (!page.cursor) return { ...page, rows }
    cursor = page.cursor
  }
}

export const suggest = (q: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/suggest', { params: { query: { q, limit: 8 } }, signal }))

/** Where a program finds what the page of an entity shows. */
export const entityAddress = (id: string) => `/api/v1/entities/${encodeURIComponent(id)}`

export type Exported = 'entities' | 'records'

type Asked = Readonly<Record<string, string[]>>

const written = (asked: Asked) => {
  const pairs = Object.entries(asked).flatMap(([name, values]) => values.map((value) => [name, value]))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : ''
}

/** Where all that a search finds is a file. */
export const exportAddress = (what: Exported, kind: 'csv' | 'xlsx' | 'ndjson', asked: Asked) =>
  `/api/v1/export/${what}.${kind}${written(asked)}`

/** Where what is new is a feed: of a search (`entities`, `records`), or of a company; a feed has an order of its own. */
export const feedAddress = (of: string, asked: Asked) =>
  `/feeds/${of}.atom${written(Object.fromEntries(Object.entries(asked).filter(([name]) => name !== 'sort')))}`
