/** The same life as a drawing: one lane per kind, bars from in to out, points for days, all as percent of the width. */
import type { AnyRecord, Entity, KindWords } from '@/api/types'

import { ENDED_STATUS } from './given'
import type { Tone } from './labels'
import { date } from './format'
import { t } from './language'
import { span, stateWord, tone } from './records'
import { words } from './words'

export interface Bar {
  key: string
  /** What it is, in words. */
  text: string
  /** Which of the rows of its lane it lies in: bars that overlap lie in several. */
  row: number
  from: number
  width: number
  tone: Tone
}

export interface Point {
  key: string
  text: string
  at: number
  tone: Tone
}

export interface Lane {
  name: string
  bars: Bar[]
  points: Point[]
  rows: number
}

export interface Drawing {
  lanes: Lane[]
  /** The tones that occur. */
  tones: Tone[]
  ticks: { year: number; at: number }[]
}

const MOST_TICKS = 6

const time = (day: string): number => Date.parse(day)
const isDay = (day: string | null | undefined): day is string => !!day && day !== '9999-12-31'

const scaleOf = (days: readonly string[], today: string) => {
  const first = Math.min(...days.map(time))
  const from = Date.UTC(new Date(first).getUTCFullYear(), 0, 1)
  const to = Date.UTC(new Date(time(today)).getUTCFullYear() + 1, 0, 1)
  return { from, to, at: (day: string) => (100 * (Math.min(Math.max(time(day), from), to) - from)) / (to - from) }
}
type Scale = ReturnType<typeof scaleOf>

const ticksOf = (scale: Scale): Drawing['ticks'] => {
  const [first, last] = [new Date(scale.from).getUTCFullYear(), new Date(scale.to).getUTCFullYear()]
  const step = Math.max(1, Math.ceil((last - first) / MOST_TICKS))
  const years = Array.from({ length: Math.ceil((last - first) / step) }, (_, n) => first + n * step)
  return years.map((year) => ({ year, at: scale.at(`${year}-01-01`) }))
}

const bar = (scale: Scale, key: string, text: string, from: string, to: string, of: Tone): Bar => ({
  key,
  text,
  row: 0,
  from: scale.at(from),
  width: Math.max(scale.at(to) - scale.at(from), 0.6),
  tone: of,
})

const lifeLane = (entity: Entity, scale: Scale, today: string): Lane | undefined => {
  if (!isDay(entity.established_on)) return undefined
  const end = ENDED_STATUS.includes(entity.status ?? '') && isDay(entity.status_on) ? entity.status_on : today
  const text = t('drawing.life', { from: entity.established_on, to: end === today ? t('drawing.today') : end })
  return { name: t('drawing.registration'), bars: [bar(scale, 'established_on', text, entity.established_on, end, 'good')], points: [], rows: 1 }
}

/** Bars into as few rows as keep those apart that overlap. */
const intoRows = (bars: readonly Bar[]): Bar[] => {
  const ends: number[] = []
  return [...bars]
    .sort((a, b) => a.from - b.from)
    .map((each) => {
      const free = ends.findIndex((end) => end <= each.from)
      const row = free >= 0 ? free : ends.length
      ends[row] = each.from + each.width
      return { ...each, row }
    })
}

const told = (kind: KindWords, record: AnyRecord, from: string, to: string | null | undefined): string =>
  [kind.title, to === undefined ? from : t('common.range', { from, to: date(to) || t('drawing.today') }), stateWord(record), record.headline].filter(Boolean).join(t('common.clauses'))

/** Records that last are bars from their first to their last day; the others are points. */
const kindLane = (kind: KindWords, records: readonly AnyRecord[], scale: Scale, today: string): Lane => {
  const lane: Lane = { name: kind.title, bars: [], points: [], rows: 1 }
  for (const record of records.filter((each) => each.kind === kind.name)) {
    const [from, to] = span(record) ?? [record.happened_on, undefined]
    if (!isDay(from)) continue
    const text = told(kind, record, from, to)
    if (to === undefined) lane.points.push({ key: record.record_id, text, at: scale.at(from), tone: tone(record) })
    else lane.bars.push(bar(scale, record.record_id, text, from, isDay(to) && to < today ? to : today, tone(record)))
  }
  const bars = intoRows(lane.bars)
  return { ...lane, bars, rows: Math.max(1, ...bars.map(({ row }) => row + 1)) }
}

/** Nothing is drawn where there is no record: a line alone says no more than its date. */
export function draw(entity: Entity, records: readonly AnyRecord[], today: string): Drawing | undefined {
  const days = [entity.established_on, ...records.map((r) => r.happened_on)].filter(isDay)
  if (days.length === 0 || records.length === 0) return undefined
  const scale = scaleOf(days, today)
  const lanes = [
    lifeLane(entity, scale, today),
    ...words.value.kinds.map((kind) => kindLane(kind, records, scale, today)),
  ]
  const filled = lanes.filter((lane): lane is Lane => !!lane && lane.bars.length + lane.points.length > 0)
  const tones = new Set(filled.flatMap((lane) => [...lane.bars, ...lane.points].map((mark) => mark.tone)))
  return filled.length > 0 ? { lanes: filled, tones: [...tones], ticks: ticksOf(scale) } : undefined
}
