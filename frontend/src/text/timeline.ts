/** The life of an entity as a list of events, from what the register and the records say; newest first, by year. */
import type { AnyRecord, Change, Entity, RecordKind } from '@/api/types'

import { capital, day } from './format'
import { t } from './language'
import { fieldName, valueName, words } from './words'

export type EventKind = 'registration' | RecordKind

export interface Registered {
  key: string
  kind: 'registration'
  on: string
  title: string
  source: string
}

export interface Recorded {
  key: string
  kind: RecordKind
  on: string
  record: AnyRecord
}

export type LifeEvent = Registered | Recorded

export interface Year {
  /** Empty for what has no published date. */
  year: string
  events: LifeEvent[]
}

const rowOf = (of: { file: string | null; row: number | null }): string =>
  of.file ? of.row ? t('source.row', { file: of.file, row: of.row }) : of.file : ''

const milestone = (entity: Entity, key: 'established_on' | 'approved_on' | 'status_on', title: string): Registered[] => {
  const on = entity[key]
  const older = entity.carried.find((fact) => fact.field === key)
  return on ? [{ key, kind: 'registration', on, title, source: rowOf(older ?? entity.origin) }] : []
}

/** A flag is stored as a word of programs. */
const said = (value: string): string => ({ true: t('fact.yes'), false: t('fact.no') })[value] ?? value

const changeTitle = (change: Change): string => {
  const what = fieldName(change.field)
  if (change.old === null) return t('life.new', { what, after: said(change.new ?? '') })
  if (change.new === null) return t('life.gone', { what, before: said(change.old) })
  return t('life.changed', { what, before: said(change.old), after: said(change.new) })
}

/** A change is dated by the load that brought it: when it really happened, the files do not say. */
const changed = (change: Change, index: number): Registered => ({
  key: `change-${index}`,
  kind: 'registration',
  on: day(change.changed_at),
  title: t('life.update', { change: changeTitle(change) }),
  source: rowOf(change),
})

export function registered(entity: Entity): Registered[] {
  const start = capital(entity)
  return [
    ...milestone(entity, 'established_on', start ? t('life.establishedWith', { capital: start }) : t('life.established')),
    ...milestone(entity, 'status_on', t('life.status', { status: valueName(entity.status ?? '') })),
    ...milestone(entity, 'approved_on', t('life.approved')),
    ...entity.changes.map(changed),
  ]
}

const recorded = (record: AnyRecord): Recorded => ({
  key: record.record_id,
  kind: record.kind,
  on: record.happened_on ?? '',
  record,
})

export const events = (entity: Entity, records: readonly AnyRecord[]): LifeEvent[] =>
  [...registered(entity), ...records.map(recorded)].sort((a, b) => b.on.localeCompare(a.on))

export function byYear(list: readonly LifeEvent[]): Year[] {
  const years: Year[] = []
  for (const event of list) {
    const year = event.on.slice(0, 4)
    const last = years.at(-1)
    if (last?.year === year) last.events.push(event)
    else years.push({ year, events: [event] })
  }
  return years
}

/** «行政处罚 3，抽查检查 12», in the order of the kinds. */
export const countsOf = (year: Year): string => {
  const titles = new Map([['registration', t('life.changes')], ...words.value.kinds.map(({ name, title }) => [name, title] as const)])
  const size = (kind: string) => year.events.filter((event) => event.kind === kind).length
  return [...titles].flatMap(([kind, title]) => (size(kind) > 0 ? [t('life.count', { kind: title, n: size(kind) })] : [])).join(t('common.clauses'))
}
