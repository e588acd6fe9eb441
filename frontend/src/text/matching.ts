/** A list and its answers as people read them. */
import type { State } from '@/api/match'
import type { AnsweredRow, MatchCounts, MatchFile } from '@/api/types'

import { count } from './format'

export type Columns = MatchFile['columns']

export const STATES: Readonly<Record<State, string>> = {
  matched: '已匹配',
  ambiguous: '待确认',
  none: '未找到',
  error: '无法使用',
}

const FIELDS: Readonly<Record<Columns[number]['field'], string>> = {
  name: '名称',
  uscc: '代码',
  region: '地区',
  legal_rep: '法定代表人',
  address: '地址',
}

export const totalOf = (counts: MatchCounts): number => Object.values(counts).reduce((a, b) => a + b, 0)

export const summary = (counts: MatchCounts): string =>
  Object.entries(STATES)
    .filter(([state]) => counts[state as State])
    .map(([state, word]) => `${word} ${count(counts[state as State])}`)
    .join('，')

/** Which columns were used, and for what. */
export const used = (columns: Columns): string =>
  columns.map(({ field, columns: heads }) => `${FIELDS[field]}取自${heads.map((head) => `“${head}”`).join('、')}栏`).join('；')

type Cells = readonly (readonly [head: string, text: string])[]

export interface Input {
  /** What the row is about: the first cell of those that were used. */
  title: string
  /** The other cells that were used, and those that were not; all of a row that says nothing of use are shown. */
  used: Cells
  rest: Cells
}

export function inputOf(row: AnsweredRow, columns: Columns): Input {
  const cells = Object.entries(row.input)
  const heads = columns.flatMap((column) => column.columns)
  const first = heads.find((head) => row.input[head])
  if (!first) return { title: '（没有名称）', used: cells, rest: [] }
  const others = cells.filter(([head]) => head !== first)
  return {
    title: row.input[first] ?? '',
    used: others.filter(([head]) => heads.includes(head)),
    rest: others.filter(([head]) => !heads.includes(head)),
  }
}

/** A pasted line. Lines of a spreadsheet come with tabs between their cells. */
export interface Pasted {
  名称: string
  统一社会信用代码: string
  其余: string
}

export const PASTED_COLUMNS: Columns = [
  { field: 'name', columns: ['名称'] },
  { field: 'uscc', columns: ['统一社会信用代码'] },
]

/** 18 or 15 letters and digits, most of them digits. */
const isCode = (cell: string): boolean =>
  /^(?=(?:\D*\d){8})[0-9A-Z]{15}(?:[0-9A-Z]{3})?$/i.test(cell.normalize('NFKC').replace(/[\s-]/g, ''))

const pastedLine = (line: string): Pasted => {
  const cells = line.split('\t').map((cell) => cell.trim()).filter(Boolean)
  const code = cells.find(isCode) ?? ''
  const [name = '', ...rest] = cells.filter((cell) => cell !== code)
  return { 名称: name, 统一社会信用代码: code, 其余: rest.join('；') }
}

/** What stands in pasted text: one name or code a line, or both. */
export const pastedIn = (text: string): Pasted[] =>
  text.split(/\r\n?|\n/).filter((line) => line.trim()).map(pastedLine)

const sizes = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 })

export const size = (bytes: number): string =>
  bytes < 1 << 20 ? `${sizes.format(Math.max(bytes / 1024, 0.1))} KB` : `${sizes.format(bytes / (1 << 20))} MB`

const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit' })

export const timeOf = (time: string): string => clock.format(new Date(time))
