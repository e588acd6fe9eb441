/** A record in words: its tone, its state, and its facts in the order that its kind declares. */
import type { AnyRecord, CitedArticle, EffectWords, FactWords, LinkedRecord, PossiblePower, PossibleSequel, Related } from '@/api/types'

import { count, date, yuan } from './format'
import type { Tone } from './labels'
import { named, t } from './language'
import { kindOf } from './words'

export type Fact = readonly [label: string, text: string]

/** Any fact of a record by its name; which there are, its kind says. */
const valueOf = (record: AnyRecord, name: string): unknown => (record as unknown as Record<string, unknown>)[name]

const stateOf = (record: AnyRecord) => kindOf(record.kind).states.find((state) => state.name === valueOf(record, 'state'))

export const tone = (record: AnyRecord): Tone => stateOf(record)?.tone ?? kindOf(record.kind).tone

/** A title in the words of the record: what is 列入 for most is 载入 or 标记 for some. */
export const label = (record: AnyRecord, title: string): string => {
  const { variant, reworded } = kindOf(record.kind)
  const words = reworded[String(valueOf(record, variant))] ?? {}
  const [word, other] = Object.entries(words).find(([word]) => title.includes(word)) ?? ['', '']
  return title.replace(word, other)
}

/** What it means that this record stands, where a text of law says it. */
export const effectOf = (record: AnyRecord): EffectWords | undefined => {
  const { variant, effects } = kindOf(record.kind)
  return effects[String(valueOf(record, variant))] ?? effects['']
}

/** The state in a word or two, for a chip; none if it is nothing to look at. */
export const stateWord = (record: AnyRecord): string => {
  const state = stateOf(record)
  return state && state.tone !== 'plain' ? label(record, state.title) : ''
}

/** First and last day of a record that lasts; the last one is null while it does. */
export const span = (record: AnyRecord): readonly [string | null, string | null] | undefined => {
  const [from, to] = kindOf(record.kind).span
  if (!from || !to) return undefined
  return [(valueOf(record, from) as string | null) ?? record.happened_on, valueOf(record, to) as string | null]
}

const PERCENT = '_percent'

/** Whether what a value was read of stands beside it as it was published: then it is not repeated. */
const toldAsText = (of: object, name: string): boolean =>
  ((of as Record<string, unknown>)[`${name.replace(PERCENT, '')}_text`] ?? null) !== null

const lineText = (line: object): string =>
  Object.entries(line)
    .filter(([name, value]) => value !== null && !toldAsText(line, name))
    .map(([, value]) => String(value))
    .join(t('common.clauses'))

const text = (fact: FactWords, value: unknown): string => {
  if (value === null || value === undefined) return ''
  if (fact.type === 'date') return date(value as string)
  if (fact.type === 'money') return yuan(value as number)
  if (fact.type === 'flag') return value ? t('fact.yes') : t('fact.no')
  if (fact.type === 'count') return count(value as number)
  if (fact.name.endsWith(PERCENT)) return `${count(value as number)}%`
  if (fact.type === 'lines') return (value as object[]).map(lineText).join('\n')
  return Array.isArray(value) ? value.filter(Boolean).join(t('common.parts')) : String(value)
}

/** Rows inside a record as people read them: codes are for programs. */
const withoutCodes = (value: unknown): object[] =>
  ((value ?? []) as object[]).map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !name.endsWith('_code'))))

/** What its kind lists, as far as it is published; what stands there already, as a text or within lines, is not repeated. */
export const recordFacts = (record: AnyRecord): Fact[] => {
  const seen = new Set<string>()
  const within = new Set<unknown>()
  return kindOf(record.kind).facts.flatMap((fact): Fact[] => {
    const given = valueOf(record, fact.name)
    const value = fact.type === 'lines' ? withoutCodes(given) : given
    const shown = fact.listed && !toldAsText(record, fact.name) ? text(fact, value) : ''
    const repeated =
      (fact.type === 'text' && seen.has(shown)) || (fact.type === 'list' && (given as unknown[] | null)?.every((each) => within.has(each)))
    seen.add(shown)
    if (fact.type === 'lines') for (const line of value as object[]) for (const each of Object.values(line)) within.add(each)
    return shown && !repeated ? [[label(record, fact.title), shown]] : []
  })
}

export interface RecordTable {
  heads: string[]
  /** The first cell names the record. */
  rows: { id: string; cells: string[] }[]
}

/**
 * Records of these kinds as a table, as the server writes it (`api/html/values.py`): of one kind what that declares,
 * else what all say. A column in which nothing stands is left out.
 */
export const tableOf = (kinds: readonly string[], records: readonly AnyRecord[]): RecordTable => {
  const columns = columnsOf(kinds)
  const heads = columns.length > 0 ? [...columns.map((fact) => fact.title), t('table.state')] : inCommon()
  const rows = records.map((record) => ({ id: record.record_id, cells: cellsOf(columns, record) }))
  const filled = heads.map((_, place) => place === 0 || rows.some(({ cells }) => cells[place]))
  return {
    heads: heads.filter((_, place) => filled[place]),
    rows: rows.map(({ id, cells }) => ({ id, cells: cells.filter((_, place) => filled[place]) })),
  }
}

const inCommon = () => [t('table.content'), t('table.kind'), t('table.party'), t('table.date'), t('table.state')]

const cellsOf = (columns: readonly FactWords[], record: AnyRecord): string[] => {
  if (columns.length === 0)
    return [record.headline, kindOf(record.kind).title, nameOf(record), record.happened_on ?? '', stateWord(record)]
  const [named, ...rest] = columns.map((fact) => text(fact, valueOf(record, fact.name)))
  return [named || record.headline, ...rest, stateWord(record)]
}

const columnsOf = (kinds: readonly string[]): readonly FactWords[] => {
  const [only, another] = kinds
  if (!only || another) return []
  const { columns, facts } = kindOf(only)
  return columns.flatMap((name) => facts.filter((fact) => fact.name === name))
}

/** Whom a record is about; of a kind that is about nobody there is none of it. */
export interface Party {
  entity_id: string | null
  entity_name: string | null
  also_ids: readonly string[]
  also_names: readonly (string | null)[]
  candidates: readonly string[]
  link_rule: string
  party_name: string | null
}

export const partyOf = (record: AnyRecord): Party | undefined => ('party_name' in record ? record : undefined)

/** Whether a record may be about nobody, as plans and their notices are. */
export const isOpenAct = (record: AnyRecord): boolean => {
  const kind = kindOf(record.kind)
  return !kind.party || kind.related
}

/** What a record is called in a list: whose it is; of one that is about nobody, whose work. */
export const nameOf = (record: AnyRecord): string => {
  const party = partyOf(record)
  const named = party?.party_name ?? party?.entity_name
  if (named) return named
  return isOpenAct(record) ? issued(record) || kindOf(record.kind).title : t('record.noParty')
}

/** What a record by itself leads to, by kind. */
export const relatedOf = (record: AnyRecord): readonly Related[] => (valueOf(record, 'related') as Related[] | undefined) ?? []

export interface Section {
  anchor: string
  title: string
  text: string
}

/** The parts of a full text, of a record by itself. */
export const sectionsOf = (record: AnyRecord): readonly Section[] => {
  const article = valueOf(record, 'article_text')
  const whole = typeof article === 'string' ? [{ anchor: 'article', title: t('record.article'), text: article }] : []
  return (valueOf(record, 'sections') as Section[] | undefined) ?? whole
}

/** The articles that the basis of a record by itself names, and the powers that may be behind a penalty. */
export const articlesOf = (record: AnyRecord): readonly CitedArticle[] => (valueOf(record, 'articles') as CitedArticle[] | undefined) ?? []
export const powersOf = (record: AnyRecord): readonly PossiblePower[] => (valueOf(record, 'powers') as PossiblePower[] | undefined) ?? []

/** How far a power and a penalty name the same part of an article, in words. */
export const strengthName = (strength: string): string => named('strength', strength) ?? strength

/** The full texts of a record by itself and the notices that announce it; of a text, the records that it is of. */
export const textsOf = (record: AnyRecord): readonly LinkedRecord[] => (valueOf(record, 'texts') as LinkedRecord[] | undefined) ?? []
export const textOf = (record: AnyRecord): readonly LinkedRecord[] => (valueOf(record, 'text_of') as LinkedRecord[] | undefined) ?? []

/** What may have followed a check by itself, and the checks that a record may have followed. */
export const sequelsOf = (record: AnyRecord): readonly PossibleSequel[] => (valueOf(record, 'possibly_led_to') as PossibleSequel[] | undefined) ?? []
export const checksBefore = (record: AnyRecord): readonly PossibleSequel[] => (valueOf(record, 'possibly_after') as PossibleSequel[] | undefined) ?? []

/** The articles by which others are found that rest on the same: of a text of law its own, of a power those of its basis. */
export const citedBy = (record: AnyRecord): readonly string[] => {
  const own = valueOf(record, 'citation')
  if (typeof own === 'string') return [own]
  return record.kind === 'power' ? articlesOf(record).map((article) => article.citation) : []
}

/** Which of the records is the full text of which others. */
export const textsAmong = (records: readonly AnyRecord[]): ReadonlyMap<string, string> =>
  new Map(records.flatMap((record) => ((valueOf(record, 'of_ids') as string[] | undefined) ?? []).map((of) => [of, record.record_id])))

/** The authority and the document number that a record stands on. */
export const issued = (record: AnyRecord): string => {
  const said = kindOf(record.kind).authorities.map((name) => valueOf(record, name))
  return said.filter(Boolean).slice(0, 2).join(t('common.clauses'))
}
