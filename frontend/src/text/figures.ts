/** Figures as a person reads them: rows of a table, what a number is written as, which page stands behind it. */
import { computed } from 'vue'

import messages from '@/catalogues/zh/stats.json'
import type { Countable, Figures, Measure, Question, Row } from '@/api/figures'

import { count } from './format'
import { addMessages, t, tag } from './language'
import { inLanguage, valueName } from './words'

addMessages(messages)

export const TIMES = ['year', 'quarter', 'month'] as const

export interface Cell {
  value: number | null
  /** What is written: 12, 25,000 元, 33.3%, <3, —. */
  text: string
  /** The page with the list that was counted; none where nothing asks for it. */
  page: string
}

export interface Line {
  key: string
  labels: string[]
  partial: boolean
  cells: Cell[]
}

export interface Column extends Measure {
  title: string
}

/** One question with its answer; `title` takes the place of the measure's where two questions stand side by side. */
export interface Answered {
  question: Question
  figures: Figures
  title?: string
}

export interface Table {
  by: string[]
  columns: Column[]
  lines: Line[]
  isTime: boolean
}

export const isTime = (name: string | undefined): boolean => TIMES.some((time) => time === name)

/** Numbers of one parameter, whether the address joins them by commas or names it several times. */
export const listed = (question: Question, name: string): string[] =>
  (question[name] ?? []).flatMap((value) => value.split(',')).filter(Boolean)

/** The page that shows a list of the API. */
export const pageOf = (query: string): string =>
  query.replace(/^\/api\/v1\/(entities|records)/, (_, what) => (what === 'entities' ? '/search' : '/records'))

const percent = computed(() => new Intl.NumberFormat(tag(), { style: 'percent', maximumFractionDigits: 1 }))

/** Of yuan the number: heads say 元. */
export const written = (value: number | null, unit: Measure['unit'], suppressed = false): string => {
  if (value === null) return suppressed ? '<3' : '—'
  if (unit === 'share') return percent.value.format(value)
  return count(value)
}

const labelOf = (row: Row, name: string): string => valueName(String(row[`${name}_name`] ?? row[name] ?? t('stats.unstated')))

const cellOf = (row: Row | undefined, column: Column): Cell => {
  if (!row) return { value: null, text: '—', page: '' }
  const value = (row[column.value] ?? null) as number | null
  const text = written(value, column.unit, Boolean(row.suppressed))
  return { value, text, page: column.listed && row.query && value !== null ? narrowed(String(row.query), column) : '' }
}

/** The page of what a number counts; none where the list is narrowed by the same filter already. */
const narrowed = (query: string, column: Column): string => {
  const [path = '', filters = ''] = query.split('?')
  const pairs = new URLSearchParams(filters)
  for (const [name, value] of Object.entries(column.narrowed)) {
    if (pairs.has(name) && pairs.getAll(name).join() !== value) return ''
    pairs.set(name, value)
  }
  return Object.keys(column.narrowed).length > 0 ? pageOf(`${path}?${pairs.toString()}`) : pageOf(query)
}

const keyOf = (row: Row, by: readonly string[]): string => JSON.stringify(by.map((name) => row[name] ?? null))

const columnsOf = (of: Countable | undefined, { question, title }: Answered): Column[] => {
  const asked = listed(question, 'measure')
  const names = asked.length > 0 ? asked : ['count']
  const known = names.map((name) => of?.measure.find((each) => each.value === name)).filter((each) => each !== undefined)
  return known.map((each) => ({ ...each, title: title ?? inLanguage(each.title, each.english) }))
}

/** Answers by the same dimensions as one table. A value that one of them lacks is no zero: it has no row there. */
export const tableOf = (answers: readonly Answered[], countables: readonly Countable[]): Table => {
  const by = listed(answers[0]?.question ?? {}, 'by')
  const parts = answers.map((each) => {
    const of = countables.find((one) => one.of === each.question.of?.[0])
    const rows = new Map(each.figures.rows.map((row) => [keyOf(row, by), row]))
    return { columns: columnsOf(of, each), rows }
  })
  const first = new Map(parts.flatMap((part) => [...part.rows]))
  const time = by.length === 1 && isTime(by[0])
  const keys = [...first.keys()]
  if (time && answers.length > 1) keys.sort()
  const lines = keys.map((key) => {
    const row = first.get(key) as Row
    const cells = parts.flatMap((part) => part.columns.map((column) => cellOf(part.rows.get(key), column)))
    const partial = parts.some((part) => part.rows.get(key)?.partial)
    return { key, labels: by.map((name) => labelOf(row, name)), partial, cells }
  })
  return { by, columns: parts.flatMap((part) => part.columns), lines, isTime: time }
}

const MOST_PERIODS = 400

/** The period after one: 2025 → 2026, 2025-Q4 → 2026-Q1, 2025-12 → 2026-01. */
const following = (period: string): string => {
  const [year = '', part] = period.split('-')
  if (!part) return String(Number(year) + 1)
  const quarter = part.startsWith('Q')
  const number = Number(part.replace('Q', ''))
  const next = number === (quarter ? 4 : 12) ? 1 : number + 1
  const of = next === 1 ? String(Number(year) + 1) : year
  return quarter ? `${of}-Q${next}` : `${of}-${String(next).padStart(2, '0')}`
}

/** Lines of a time in their order, with a place for each period between that has no row; those without a day are left out. */
export const periods = (lines: readonly Line[]): { label: string; line?: Line }[] => {
  const dated = lines.filter((line) => line.labels[0] !== t('stats.unstated'))
  const first = dated[0]?.labels[0]
  const last = dated.at(-1)?.labels[0]
  if (!first || !last) return []
  const known = new Map(dated.map((line) => [line.labels[0] ?? '', line]))
  const all: { label: string; line?: Line }[] = []
  for (let period = first; all.length < MOST_PERIODS; period = following(period)) {
    const line = known.get(period)
    all.push(line ? { label: period, line } : { label: period })
    if (period === last) return all
  }
  return dated.map((line) => ({ label: line.labels[0] ?? '', line }))
}

/** A round number at least as large, for the top of an axis. */
export const ceiling = (value: number): number => {
  if (value <= 0) return 1
  const step = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 2.5, 5, 10].map((factor) => factor * step).find((round) => round >= value) ?? value
}

/** The day that figures of a kind go up to, in words. */
export const upTo = (figures: Figures): string => {
  const kind = figures.coverage.find((each) => (isEntity(figures) ? each.kind === 'registration' : figures.query.includes(`kind=${each.kind}`)))
  return kind?.content_until ? t('stats.until', { until: kind.content_until, day: figures.day }) : t('stats.day', { day: figures.day })
}

const isEntity = (figures: Figures): boolean => figures.query.startsWith('/api/v1/entities')
