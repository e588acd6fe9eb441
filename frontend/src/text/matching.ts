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

/** Names from pasted text: one a line. */
export const namesIn = (text: string): string[] =>
  text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter(Boolean)

const sizes = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 })

export const size = (bytes: number): string =>
  bytes < 1 << 20 ? `${sizes.format(Math.max(bytes / 1024, 0.1))} KB` : `${sizes.format(bytes / (1 << 20))} MB`

const clock = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit' })

export const timeOf = (time: string): string => clock.format(new Date(time))
