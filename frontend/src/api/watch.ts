/** Watch lists over the API: whoever has the address of one reads what changed, and may delete it. */
import { answer, client, named } from './client'

export const MOST_WATCHED = 10_000
const PAGE = 100
/** Changes that the page shows: of more the table has all. */
export const MOST_SHOWN = 500

export type Watched = { entity_ids: string[] } | { match_file: string }

const list = (watch_id: string) => ({ path: { watch_id } })

export const makeWatch = (of: Watched, signal: AbortSignal) =>
  answer(client.POST('/api/v1/watches', { body: of as { entity_ids: string[] }, signal }))

export const getWatch = (id: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/watches/{watch_id}', { params: list(id), signal }))

const pageOf = (id: string, since: string | undefined, signal: AbortSignal) =>
  named(
    client.GET('/api/v1/watches/{watch_id}/changes', {
      params: { ...list(id), query: { page_size: PAGE, ...(since && { since }) } },
      signal,
    }),
  )

/** What changed since a cursor, and where the next look begins; `more`: there is more than the page shows. */
export async function changesOf(id: string, since: string | undefined, signal: AbortSignal) {
  const first = await pageOf(id, since, signal)
  const changes = [...first.changes]
  let last = first
  let complete = first.complete
  while (last.more && changes.length < MOST_SHOWN) {
    last = await pageOf(id, last.cursor, signal)
    changes.push(...last.changes)
    complete &&= last.complete
  }
  return { changes, cursor: last.cursor, more: last.more, complete }
}

export const removeWatch = (id: string, signal: AbortSignal) =>
  answer(
    client.DELETE('/api/v1/watches/{watch_id}', { params: list(id), signal }).then(({ error, response }) => ({
      ...(response.ok ? { data: true } : { error }),
      response,
    })),
  )
