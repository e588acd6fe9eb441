/** Figures and what may be asked of them: loaded with the page that shows them. */
import { answer, client, loadWords } from './client'
import type { components } from './schema'

type Schemas = components['schemas']
export type Figures = Schemas['Figures']
export type Choices = Schemas['Choices']
export type Countable = Schemas['Countable']
export type Measure = Schemas['MeasureChoice']
export type Row = Figures['rows'][number]

/** A question as the address says it: name → values. */
export type Question = Readonly<Record<string, readonly string[]>>

export const search = (question: Question): string =>
  new URLSearchParams(Object.entries(question).flatMap(([name, values]) => values.map((value) => [name, value]))).toString()

export const tableAddress = (question: Question): string => `/api/v1/stats.csv?${search(question)}`

export const getFigures = async (question: Question, signal: AbortSignal): Promise<Figures> => {
  const [given] = await Promise.all([
    answer(client.GET('/api/v1/stats', { params: { query: question as never }, signal })),
    loadWords(),
  ])
  return given
}

let asked: Promise<Choices> | undefined

/** Asked once; where it failed, the next one who asks tries again. */
export const getChoices = (): Promise<Choices> =>
  (asked ??= answer(client.GET('/api/v1/stats/choices', {})).catch((error: unknown) => {
    asked = undefined
    throw error
  }))
