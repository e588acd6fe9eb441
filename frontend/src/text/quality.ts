/** How well penalties are published, by office: rows of months added up, and what each number means. */
import type { QualityRow } from '@/api/types'
import messages from '@/catalogues/zh/quality.json'

import { addMessages, t } from './language'

addMessages(messages)

/** Numbers that months add up to; the first are always shown. */
export const MEASURES = [
  'records',
  'timely',
  'late',
  'unknown',
  'complete',
  'out_of_town',
  'late_push',
  'late_publish',
  'timely_7',
  'late_7',
  'corrected',
  'withdrawn',
  'gone',
  'held',
  'unlinked',
  'amount_conflicts',
] as const
const ALWAYS = 5

export type Measure = (typeof MEASURES)[number]
export type Sums = Record<Measure, number>

/** One office in what one source delivered. */
export interface Office {
  source: string
  authority: string
  sums: Sums
  /** Reasons why it is not known whether they were in time, commonest first. */
  why: [string, number][]
  /** Newest first. */
  months: QualityRow[]
}

const summed = (rows: readonly QualityRow[]): Sums =>
  Object.fromEntries(MEASURES.map((name) => [name, rows.reduce((sum, row) => sum + (row[name] ?? 0), 0)])) as Sums

const reasons = (rows: readonly QualityRow[]): [string, number][] => {
  const found = new Map<string, number>()
  for (const row of rows)
    for (const [why, number] of Object.entries(row.unknown_why)) found.set(why, (found.get(why) ?? 0) + number)
  return [...found].filter(([, number]) => number > 0).sort((one, other) => other[1] - one[1])
}

/** Offices by source, within it those with most penalties first. */
export const byOffice = (rows: readonly QualityRow[]): Office[] => {
  const groups = new Map<string, QualityRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.source, row.authority])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
    .map((months) => ({
      source: months[0]?.source ?? '',
      authority: months[0]?.authority ?? t('quality.noOffice'),
      sums: summed(months),
      why: reasons(months),
      months: [...months].sort((one, other) => (other.month ?? '').localeCompare(one.month ?? '')),
    }))
    .sort((one, other) => one.source.localeCompare(other.source, 'zh') || other.sums.records - one.sums.records)
}

/** What is said of an office: the first numbers, and of the others those that are none. */
export const told = (sums: Sums): { name: Measure; title: string; value: number }[] =>
  MEASURES.filter((name, place) => place < ALWAYS || sums[name] > 0).map((name) => ({ name, title: t(`measure.${name}`), value: sums[name] }))

/** The share of those in time among those of which it is known; empty where it is known of none. */
export const share = (of: Pick<Sums, 'timely' | 'late'>): string =>
  of.timely + of.late ? `${Math.floor((100 * of.timely) / (of.timely + of.late))}%` : ''
