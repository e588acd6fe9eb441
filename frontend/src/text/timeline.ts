/** The life of an entity as a list of events, from what the register and the records say; newest first, by year. */
import type { AnyRecord, Change, Entity, RecordKind } from '@/api/types'

import { capital, day } from './format'
import { fieldName, words } from './words'

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
  of.file ? `${of.file}${of.row ? ` 第 ${of.row} 行` : ''}` : ''

const milestone = (entity: Entity, key: 'established_on' | 'approved_on' | 'status_on', title: string): Registered[] => {
  const on = entity[key]
  const older = entity.carried.find((fact) => fact.field === key)
  return on ? [{ key, kind: 'registration', on, title, source: rowOf(older ?? entity.origin) }] : []
}

/** A flag is stored as a word of programs. */
const said = (value: string): string => ({ true: '是', false: '否' })[value] ?? value

const changeTitle = (change: Change): string => {
  const what = fieldName(change.field)
  if (change.old === null) return `${what}：公布为“${said(change.new ?? '')}”`
  if (change.new === null) return `${what}：不再公布“${said(change.old)}”`
  return `${what}：由“${said(change.old)}”变为“${said(change.new)}”`
}

/** A change is dated by the load that brought it: when it really happened, the files do not say. */
const changed = (change: Change, index: number): Registered => ({
  key: `change-${index}`,
  kind: 'registration',
  on: day(change.changed_at),
  title: `文件更新。${changeTitle(change)}`,
  source: rowOf(change),
})

export function registered(entity: Entity): Registered[] {
  const start = capital(entity)
  return [
    ...milestone(entity, 'established_on', start ? `成立，注册资本 ${start}` : '成立'),
    ...milestone(entity, 'status_on', `登记状态变为“${entity.status ?? ''}”`),
    ...milestone(entity, 'approved_on', '登记核准'),
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
  const titles = new Map([['registration', '登记与变更'], ...words.value.kinds.map(({ name, title }) => [name, title] as const)])
  const size = (kind: string) => year.events.filter((event) => event.kind === kind).length
  return [...titles].flatMap(([kind, title]) => (size(kind) > 0 ? [`${title} ${size(kind)}`] : [])).join('，')
}
