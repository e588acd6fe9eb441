/** What people came for, in plain sentences made of facts: who it is, what stands against it now, what has been. */
import type { AnyRecord, Entity } from '@/api/types'

import { REASON, STOP } from './given'
import { language, t } from './language'
import { label, span, tone } from './records'
import { kindOf } from './words'

/** Records that stand against an entity now, those that have done so longest first. */
export const adverseNow = (records: readonly AnyRecord[]): AnyRecord[] =>
  records.filter((record) => tone(record) === 'adverse').sort((a, b) => (a.happened_on ?? '').localeCompare(b.happened_on ?? ''))

/** In English what was done is told by the kind alone: the line of a record is in the words of the office. */
const since = (record: AnyRecord): string => {
  const [from] = span(record) ?? [record.happened_on]
  const [done = '', reason] = record.headline.split(REASON)
  const [act, why] = language.value === 'zh' ? [done, reason] : [kindOf(record.kind).title, undefined]
  const begun = from ? t('verdict.since', { from, act }) : t('verdict.undated', { act })
  const lasts = record.kind === 'name_removal' ? '' : t('verdict.lasts', { end: label(record, t('verdict.end')) })
  return begun + (why ? t('common.bracketed', { text: why }) : '') + lasts
}

/** `records`: newest first. Kinds of which one stands against it now are told record by record. */
export function verdict(entity: Entity, records: readonly AnyRecord[]): string[] {
  const now = adverseNow(records)
  return entity.sentences.flatMap(({ kind, text, english }) => {
    const standing = now.filter((record) => record.kind === kind)
    if (standing.length > 0) return standing.map((record) => since(record) + t('common.stop'))
    return [language.value === 'zh' || !english ? text + STOP : english + t('common.stop')]
  })
}
