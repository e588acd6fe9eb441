/** A list and its answers as people read them. */
import type { AnsweredRow, MatchCounts, MatchDoubts, MatchFile } from '@/api/types'
import messages from '@/catalogues/zh/match.json'

import { PASTED_HEADS } from './given'
import { addMessages, t, tag } from './language'

addMessages(messages)

export type Columns = MatchFile['columns']
export type State = AnsweredRow['state']
export type Doubt = NonNullable<AnsweredRow['doubt']>
export type Judgment = NonNullable<AnsweredRow['judgment']>

/** What may be said of a company, in the order in which people look for it. */
export const FIELDS = ['name', 'uscc', 'address', 'region', 'legal_rep'] as const
export type Field = (typeof FIELDS)[number]

const STATES: readonly State[] = ['matched', 'ambiguous', 'none', 'error']

/** Which rows are looked at: all, those of a state or a doubt, those that wait for a person, those that he has judged. */
export const FILTERS = ['matched', 'near', 'several', 'differs', 'none', 'error', 'open', 'judged', 'ambiguous'] as const
export type Filter = (typeof FILTERS)[number]

export const isFilter = (text: string): text is Filter => (FILTERS as readonly string[]).includes(text)

export const filterWord = (filter: Filter): string => {
  if (filter === 'near' || filter === 'several' || filter === 'differs') return t(`match.doubt.${filter}`)
  return filter === 'open' || filter === 'judged' ? t(`match.filter.${filter}`) : t(`match.state.${filter}`)
}

/** How a row is called: of an ambiguous one by what makes it so. */
export const stateWord = (row: Pick<AnsweredRow, 'state' | 'doubt'>): string =>
  row.doubt ? t(`match.doubt.${row.doubt}`) : t(`match.state.${row.state}`)

/** Rows by state and by doubt, and by what a person says of them. */
export interface Tally {
  counts: MatchCounts
  doubts: MatchDoubts
  confirmed: number
  refused: number
  open: number
}

export const totalOf = (counts: MatchCounts): number => STATES.reduce((sum, state) => sum + counts[state], 0)

export const rowsOf = (tally: Tally, filter: Filter | undefined): number => {
  if (!filter) return totalOf(tally.counts)
  if (filter === 'open') return tally.open
  if (filter === 'judged') return tally.confirmed + tally.refused
  return filter === 'near' || filter === 'several' || filter === 'differs' ? tally.doubts[filter] : tally.counts[filter]
}

export const summary = (counts: MatchCounts): string =>
  STATES.filter((state) => counts[state])
    .map((state) => t('match.answers.one', { state: t(`match.state.${state}`), n: counts[state] }))
    .join(t('common.clauses'))

/** Which columns were used, and for what. */
export const used = (columns: Columns): string =>
  columns
    .map(({ field, columns: heads }) =>
      t('match.columns.used', {
        field: t(`match.field.${field}`),
        heads: heads.map((head) => t('match.columns.head', { head })).join(t('common.list')),
      }),
    )
    .join(t('common.parts'))

type Cells = readonly (readonly [head: string, text: string])[]

export interface Input {
  /** What the row is about: the first cell of those that were used. */
  title: string
  /** The other cells: those that were used first. */
  rest: Cells
}

export function inputOf(row: Pick<AnsweredRow, 'input'>, columns: Columns): Input {
  const cells = Object.entries(row.input)
  const heads = columns.flatMap((column) => column.columns)
  const first = heads.find((head) => row.input[head])
  if (!first) return { title: t('match.row.nameless'), rest: cells }
  const others = cells.filter(([head]) => head !== first)
  const taken = others.filter(([head]) => heads.includes(head))
  return { title: row.input[first] ?? '', rest: [...taken, ...others.filter(([head]) => !heads.includes(head))] }
}

/** What a row says of its company, as the API is asked about one row. */
export const askedOf = (row: Pick<AnsweredRow, 'input'>, columns: Columns): Partial<Record<Field, string>> =>
  Object.fromEntries(
    columns.flatMap(({ field, columns: heads }) => {
      const said = heads.map((head) => row.input[head]).find(Boolean)
      return said ? [[field, said]] : []
    }),
  )

/** How long work goes on that has done so much in so many milliseconds; nothing before it can be told. */
export function timeLeft(done: number, took: number, rest: number): string {
  if (done <= 0 || took < 1000 || rest <= 0) return ''
  const seconds = Math.ceil((rest * took) / done / 1000)
  const time =
    seconds < 90
      ? t('match.progress.seconds', { n: seconds < 10 ? seconds : Math.ceil(seconds / 5) * 5 })
      : t('match.progress.minutes', { n: Math.round(seconds / 60) })
  return t('match.progress.left', { time })
}

/** A pasted line. Lines of a spreadsheet come with tabs between their cells. */
export type Pasted = Readonly<Record<keyof typeof PASTED_HEADS, string>>

export const PASTED_COLUMNS: Columns = [
  { field: 'name', columns: [PASTED_HEADS.name] },
  { field: 'uscc', columns: [PASTED_HEADS.uscc] },
]

/** A line as a row of a list, under the heads that it has in a file. */
export const rowOf = (line: Pasted): Record<string, string> => ({
  [PASTED_HEADS.name]: line.name,
  [PASTED_HEADS.uscc]: line.uscc,
  [PASTED_HEADS.rest]: line.rest,
})

/** 18 or 15 letters and digits, most of them digits. */
const isCode = (cell: string): boolean =>
  /^(?=(?:\D*\d){8})[0-9A-Z]{15}(?:[0-9A-Z]{3})?$/i.test(cell.normalize('NFKC').replace(/[\s-]/g, ''))

const pastedLine = (line: string): Pasted => {
  const cells = line.split('\t').map((cell) => cell.trim()).filter(Boolean)
  const code = cells.find(isCode) ?? ''
  const [name = '', ...rest] = cells.filter((cell) => cell !== code)
  return { name, uscc: code, rest: rest.join(t('common.parts')) }
}

/** The lines of a text that say something. */
export const linesOf = (text: string): string[] => text.split(/\r\n?|\n/).filter((line) => line.trim())

/** What stands in pasted text: one name or code a line, or both. */
export const pastedIn = (text: string): Pasted[] => linesOf(text).map(pastedLine)

export function size(bytes: number): string {
  const format = (value: number) => new Intl.NumberFormat(tag(), { maximumFractionDigits: 1 }).format(value)
  return bytes < 1 << 20 ? `${format(Math.max(bytes / 1024, 0.1))} KB` : `${format(bytes / (1 << 20))} MB`
}

export const timeOf = (time: string): string =>
  new Intl.DateTimeFormat(tag(), { hour: '2-digit', minute: '2-digit' }).format(new Date(time))
