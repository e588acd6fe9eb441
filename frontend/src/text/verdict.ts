/** What people came for, in plain sentences made of facts: who it is, what stands against it now, what has been. */
import type { AnyRecord, Entity } from '@/api/types'

import { label, span, tone } from './records'

/** Records that stand against an entity now, those that have done so longest first. */
export const adverseNow = (records: readonly AnyRecord[]): AnyRecord[] =>
  records.filter((record) => tone(record) === 'adverse').sort((a, b) => (a.happened_on ?? '').localeCompare(b.happened_on ?? ''))

const since = (record: AnyRecord): string => {
  const [from] = span(record) ?? [record.happened_on]
  const [act, why] = record.headline.split(/：(.*)/s)
  const begun = from ? `${from} 起${act}` : `${act}，日期未公布`
  const lasts = record.kind === 'name_removal' ? '' : `，至今未${label(record, '移出')}`
  return `${begun}${why ? `（${why}）` : ''}${lasts}`
}

/** `records`: newest first. Kinds of which one stands against it now are told record by record. */
export function verdict(entity: Entity, records: readonly AnyRecord[]): string[] {
  const now = adverseNow(records)
  return entity.sentences.flatMap(({ kind, text }) => {
    const standing = now.filter((record) => record.kind === kind)
    const told = standing.length > 0 ? standing.map(since) : [text]
    return told.map((sentence) => `${sentence}。`)
  })
}
