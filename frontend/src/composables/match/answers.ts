/** Answered rows, wherever they are: what their table needs to know, and what its rows share. */
import type { InjectionKey, Ref } from 'vue'

import type { AnsweredRow, AnsweredRows } from '@/api/types'
import type { Columns, Filter, Judgment, Tally } from '@/text/matching'

export interface Answers {
  /** Names the list in the memory of the page. */
  id: string
  tally: Tally
  /** Rows that are answered; `ended`: that is all. */
  done: number
  ended: boolean
  columns: Columns
  rows: (filter: Filter | undefined, cursor: string | undefined, signal: AbortSignal) => Promise<AnsweredRows>
}

/** What a person says of rows; the same object as long as the list is looked at. */
export interface Judging {
  /** Whether it can be said already. */
  open: Readonly<Ref<boolean>>
  of: (row: AnsweredRow) => Judgment | null
  judge: (row: AnsweredRow, judgment: Judgment | null) => void
}

/**
 * What each row looks up by itself: what is said of it, and whether the keyboard is at it (`current`: its place in the
 * list). As properties they would have all rows compared whenever one of them changes.
 */
export const ROWS: InjectionKey<{ judging: Judging; current: Ref<number> }> = Symbol('rows')
