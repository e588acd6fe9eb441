/** What a program asks by `openapi-fetch` and the types that openapi-typescript made. Prints what it gets; its argument is the address. */
import createClient from 'openapi-fetch'

import type { paths } from './schema.js'

declare const process: { argv: string[]; stdout: { write(text: string): void } }

const service = createClient<paths>({ baseUrl: process.argv[2] ?? '' })
const query = { q: '示例', has: ['penalty' as const], page_size: 2 }
const got = <T>(answer: { data?: T }): T => {
  if (answer.data === undefined) throw new Error('no answer')
  return answer.data
}

const first = got(await service.GET('/api/v1/entities', { params: { query } }))
const second = got(await service.GET('/api/v1/entities', { params: { query: { ...query, cursor: first.cursor ?? undefined } } }))
const path = { entity_id: first.hits[0]?.entity_id ?? '' }
const company = got(await service.GET('/api/v1/entities/{entity_id}', { params: { path } }))
const life = got(await service.GET('/api/v1/entities/{entity_id}/records', { params: { path } }))
const records = got(await service.GET('/api/v1/records', { params: { query: { page_size: 1 } } }))
const nobody = await service.GET('/api/v1/entities/{entity_id}', { params: { path: { entity_id: 'N-nobody' } } })

process.stdout.write(
  JSON.stringify({
    hits: [...first.hits, ...second.hits].map((hit) => hit.entity_id),
    total: first.total,
    name: company.name,
    records: life.hits.map((each) => each.record_id),
    all_records: records.total,
    error: [nobody.response.status, nobody.error?.type],
  }),
)
