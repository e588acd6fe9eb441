/**
 * Names that were pasted, and their answers, which come in parts. Nothing of it is a file on the server before somebody
 * wants it as one. Text and judgments stay in this window over a reload; the answers are asked anew.
 */
import { computed, ref, shallowReactive, shallowRef } from 'vue'

import { follow, judgeRows, matchRows, PAGE, sendList, writeAgain, type FileKind, type Named } from '@/api/match'
import { Problem } from '@/api/problem'
import type { AnsweredRow, MatchFile, MatchResult } from '@/api/types'
import { PASTED_HEADS } from '@/text/given'
import { PASTED_COLUMNS, pastedIn, rowOf, type Filter, type Judgment, type Pasted, type Tally } from '@/text/matching'
import { t } from '@/text/language'

import { keepInTab, kept } from '../tab'
import { useRequest } from '../useRequest'
import type { Answers, Judging } from './answers'
import { save } from './useUpload'

/** Names the answers to what was pasted where an uploaded list has its identifier. */
export const PASTED = 'pasted'

interface Kept {
  text: string
  said: [row: number, judgment: Judgment][]
}

/** Rows of the first request, so that something is there at once, and of further ones. */
const [FIRST, PART] = [20, 250]

const before = kept<Kept>(PASTED)
const text = ref(before?.text ?? '')
const lines = shallowRef<readonly Pasted[]>([])
const rows = shallowRef<readonly AnsweredRow[]>([])
const said = shallowReactive(new Map<number, Judgment>(before?.said))
const serial = ref(0)
let asked = before?.text ?? ''

export const usePastedText = () => text

const keepAll = () => keepInTab(PASTED, { text: asked, said: [...said] } satisfies Kept)

/** Begin with what is in the box. */
export function beginPasted(): void {
  if (text.value !== asked) said.clear()
  asked = text.value
  lines.value = pastedIn(asked)
  rows.value = []
  serial.value += 1
  keepAll()
}

/** What was pasted before a reload; whether there is something. */
export function restorePasted(): boolean {
  if (!lines.value.length && asked) lines.value = pastedIn(asked)
  return lines.value.length > 0
}

const answered = (line: Pasted, at: number, { state, error, ...result }: MatchResult): AnsweredRow => ({
  ...result,
  row: at + 1,
  input: Object.fromEntries(Object.entries(rowOf(line)).filter(([, cell]) => cell)),
  state: error === null ? state : 'error',
  doubt: error === null ? result.doubt : null,
  error,
  judgment: null,
})

const fits = (row: AnsweredRow, filter: Filter | undefined): boolean => {
  if (filter === 'judged') return said.has(row.row)
  if (filter === 'open') return row.state === 'ambiguous' && !said.has(row.row)
  return !filter || row.state === filter || row.doubt === filter
}

const tallied = (all: readonly AnsweredRow[]): Tally => {
  const of = (filter: Filter) => all.filter((row) => fits(row, filter)).length
  const confirmed = [...said.values()].filter((judgment) => judgment.entity_id).length
  return {
    counts: { matched: of('matched'), ambiguous: of('ambiguous'), none: of('none'), error: of('error') },
    doubts: { near: of('near'), several: of('several'), differs: of('differs') },
    confirmed,
    refused: said.size - confirmed,
    open: of('open'),
  }
}

const page = (filter: Filter | undefined, cursor: string | undefined) => {
  const chosen = rows.value.filter((row) => fits(row, filter))
  const end = Number(cursor ?? 0) + PAGE
  return Promise.resolve({ hits: chosen.slice(end - PAGE, end), cursor: end < chosen.length ? String(end) : null })
}

/** The answers to what was pasted, as far as they are there. */
export function usePasted() {
  const request = useRequest<readonly AnsweredRow[]>()
  const ended = computed(() => rows.value.length === lines.value.length)
  const ask = async (): Promise<void> => {
    const mine = serial.value
    while (!ended.value && mine === serial.value) {
      const from = rows.value.length
      const part = lines.value.slice(from, from + (from ? PART : FIRST))
      const got = await request.run(async (signal) => {
        const { results } = await matchRows(part.map(({ name, uscc }) => ({ name, uscc })), signal)
        return part.flatMap((line, at) => results.slice(at, at + 1).map((result) => answered(line, from + at, result)))
      })
      if (!got || mine !== serial.value) return
      rows.value = [...rows.value, ...got]
    }
  }
  const answers = computed<Answers>(() => ({
    id: `${PASTED} ${serial.value}`,
    tally: tallied(rows.value),
    done: rows.value.length,
    ended: ended.value,
    columns: PASTED_COLUMNS,
    rows: page,
  }))
  const judging: Judging = {
    open: ref(true),
    of: (row) => said.get(row.row) ?? null,
    judge: (row, judgment) => {
      if (judgment) said.set(row.row, judgment)
      else said.delete(row.row)
      keepAll()
    },
  }
  return { ...request, ask, ended, answers, judging, total: computed(() => lines.value.length) }
}

/** The companies that the rows mean: matched, or confirmed by a person; not those that were refused. */
export const meantByPasted = computed(() => {
  const meant = rows.value.map((row) => (said.has(row.row) ? said.get(row.row)?.entity_id : row.entity_id))
  return [...new Set(meant.filter((id): id is string => !!id))]
})

/** Lines as a list in a file, and which of its columns says what. */
export const fileOfLines = (from: readonly Pasted[]): File =>
  new File(from.map((line) => `${JSON.stringify(rowOf(line))}\n`), `${t('match.paste.filename')}.jsonl`)
export const COLUMNS_OF_LINES: Named = { name: PASTED_HEADS.name, uscc: PASTED_HEADS.uscc, region: '', legal_rep: '', address: '' }

/** What was pasted as a file with its answers: it takes the way of an uploaded list. */
export function usePastedFile() {
  const request = useRequest<MatchFile>()
  const make = async (kind: FileKind) => {
    const done = await request.run(async (signal) => {
      const list = fileOfLines(lines.value)
      const { id } = await sendList(list, { filename: list.name, columns: COLUMNS_OF_LINES, to: kind }, signal)
      let file = await follow(id, signal)
      for (let from = 0; from < said.size && file.result; from += 500)
        await judgeRows(id, new Map([...said].slice(from, from + 500)), signal)
      if (said.size && file.result) {
        await writeAgain(id, signal)
        file = await follow(id, signal)
      }
      if (!file.result || !file.written) throw new Problem('failed', { message: file.error ?? '' })
      return file
    })
    if (done?.result) save(done.result, done.filename)
  }
  return { ...request, make }
}
