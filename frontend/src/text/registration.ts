/** The registration of an entity as rows of a table: what, its value as people read it, and where it comes from. */
import type { Entity, FactWords } from '@/api/types'

import { capital, date, day, grouped } from './format'
import { t } from './language'
import { valueName, words } from './words'

export interface Row {
  field: string
  label: string
  text: string
  /** The wording of the file, where the value shown was read from it. */
  original: string
  /** What it was before, each with its last day. */
  before: string[]
  /** Another file than the one that the table is of: its name, the place in it, the day of its load. */
  elsewhere: string
}

/** Facts of the file under whose name another field of the answer is shown. */
const STORED: Readonly<Record<string, string>> = { region: 'region_code', industry: 'industry_code' }

const until = (on: string | null): string => (on ? t('fact.until', { day: on }) : '')

/** Former names, with the day since which it is another one where a published change says so. */
export const formerNames = (entity: Entity): string[] =>
  entity.former_names.map((name) => name + until(entity.renamed.find((each) => each.name === name)?.until_on ?? null))

/** Where it was before, newest first. */
const formerAddresses = (entity: Entity): string[] =>
  entity.moved.flatMap(({ address, until_on }) => (address ? [address + until(until_on)] : []))

const text = (entity: Entity, { name, type }: FactWords): string => {
  if (name === 'flags') return entity.flags.map((flag) => valueName(flag.text ?? '')).join(t('common.parts'))
  const value = (entity as unknown as Record<string, string | string[] | null>)[name]
  if (name === 'capital_text') return capital(entity)
  if (name === 'former_names') return formerNames(entity).join(t('common.list'))
  if (name === 'uscc' && entity.uscc) return grouped(entity.uscc)
  if (Array.isArray(value)) return value.join(t('common.list'))
  if (type === 'date') return date(value)
  const code = name === 'industry' ? entity.industry_code : name === 'region' ? entity.region_code : null
  return value && code ? t('fact.code', { value, code }) : valueName(value ?? '')
}

const original = (entity: Entity, field: string, shown: string): string => {
  const published = field === 'capital_text' ? entity.capital_text : field === 'status' ? entity.status_text : null
  return published && published !== shown ? published : ''
}

/** «base.csv 第 7 行». */
export const rowOf = (of: { file: string; row: number }): string => t('source.row', { file: of.file, row: of.row })

/** «base.csv 第 7 行，2024-05-01 装载». */
export const source = (of: { file: string; row: number; loaded_at: string }): string =>
  t('source.loaded', { row: rowOf(of), day: day(of.loaded_at) })

export function rows(entity: Entity): Row[] {
  const of = (fact: FactWords): Row => {
    const field = fact.name
    const shown = text(entity, fact)
    const from = entity.carried.find((each) => each.field === field || each.field === STORED[field])
    return {
      field,
      label: fact.title,
      text: shown,
      original: original(entity, field, shown),
      before: field === 'address' ? formerAddresses(entity) : [],
      elsewhere: from ? source(from) : '',
    }
  }
  return words.value.facts
    .filter((fact) => fact.listed)
    .map(of)
    .filter((row) => row.text !== '')
}
