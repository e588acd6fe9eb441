/** An uploaded list: how far it is, its answers, and what a person says of them. */
import { computed, shallowReactive } from 'vue'

import { follow, judgeRows, rowsOf, writeAgain } from '@/api/match'
import type { AnsweredRow, MatchFile } from '@/api/types'
import { timeLeft, totalOf, type Columns, type Judgment } from '@/text/matching'

import { keep, recall } from '../remember'
import { useRequest } from '../useRequest'
import type { Answers, Judging } from './answers'

const NONE = { confirmed: 0, refused: 0, open: 0 }

export function useList(id: string) {
  const request = useRequest<MatchFile>()
  const known = `list ${id}`
  let begun: { at: number; done: number } | undefined

  /** The same object in every answer: what is made of it is not made anew. */
  let columns: Columns = []

  const note = (file: MatchFile) => {
    request.data.value = file
    if (file.stage === 'match' && file.done) begun ??= { at: performance.now(), done: file.done }
  }
  const look = async () => {
    const ended = await request.run((signal) => follow(id, signal, note))
    if (ended) keep(known, ended)
  }
  /** One that was seen done is painted at once. */
  const start = async () => {
    request.data.value = recall<MatchFile>(known)
    if (!request.data.value) await look()
  }
  const left = computed(() => {
    const list = request.data.value
    if (!begun || list?.stage !== 'match' || !list.total) return ''
    return timeLeft(list.done - begun.done, performance.now() - begun.at, list.total - list.done)
  })
  const answers = computed<Answers | undefined>(() => {
    const list = request.data.value
    if (!list?.counts || !list.doubts || (list.state !== 'done' && !totalOf(list.counts))) return undefined
    const { open, ...judged } = list.judged ?? { ...NONE, open: list.counts.ambiguous }
    return {
      id,
      tally: { counts: list.counts, doubts: list.doubts, ...judged, open },
      done: totalOf(list.counts),
      ended: list.judged !== null,
      columns: (columns = columns.length ? columns : list.columns),
      rows: (...asked) => rowsOf(id, ...asked),
    }
  })
  return { ...request, start, look, left, answers, note: (file: MatchFile) => keep(known, (request.data.value = file)) }
}

const said = new Map<string, Map<number, Judgment | null>>()

/** What a person says of an uploaded list: shown at once, then kept with the list; taken back where that fails. */
export function useJudging(id: string, list: ReturnType<typeof useList>) {
  const mine = said.get(id) ?? shallowReactive(new Map<number, Judgment | null>())
  said.set(id, mine)
  const request = useRequest<MatchFile>()
  const waiting = new Map<number, Judgment | null>()

  const send = async (): Promise<void> => {
    const sent = new Map([...waiting].slice(0, 200))
    const file = await request.run((signal) => judgeRows(id, sent, signal))
    if (!file) return
    for (const [row, judgment] of sent) if (waiting.get(row) === judgment) waiting.delete(row)
    list.note(file)
    if (waiting.size) await send()
  }
  const judging: Judging = {
    open: computed(() => !!list.data.value?.judged),
    of: (row: AnsweredRow) => (mine.has(row.row) ? (mine.get(row.row) ?? null) : row.judgment),
    judge: (row, judgment) => {
      mine.set(row.row, judgment)
      waiting.set(row.row, judgment)
      if (!request.pending.value) void send()
    },
  }
  return { judging, problem: request.problem, pending: request.pending, again: send }
}

/** The answer with all that a person has said: written again where it lacks something. */
export function useResult(id: string, list: ReturnType<typeof useList>) {
  const request = useRequest<MatchFile>()
  const write = async (): Promise<MatchFile | undefined> => {
    const file = await request.run(async (signal) => {
      await writeAgain(id, signal)
      return await follow(id, signal)
    })
    if (file) list.note(file)
    return file
  }
  return { ...request, write }
}
