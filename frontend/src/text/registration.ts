/** The registration of an entity as rows of a table: what, its value as people read it, and where it comes from. */
import type { Entity, FactWords } from '@/api/types'

import { capital, date, day, grouped } from './format'
import { words } from './words'

export interface Row {
  field: string
  label: string
  text: string
  /** The wording of the file, where the value shown was read from it. */
  original: string
  file: string
  /** Its place in the file, as a person counts under the header. */
  place: string
  loaded: string
}

/** Facts of the file under whose name another field of the answer is shown. */
const STORED: Readonly<Record<string, string>> = { region: 'region_code', industry: 'industry_code' }

const text = (entity: Entity, { name, type }: FactWords): string => {
  if (name === 'flags') return entity.flags.map((flag) => flag.text).join('；')
  const value = (entity as unknown as Record<string, string | string[] | null>)[name]
  if (name === 'capital_text') return capital(entity)
  if (name === 'uscc' && entity.uscc) return grouped(entity.uscc)
  if (Array.isArray(value)) return value.join('、')
  if (type === 'date') return date(value)
  const code = name === 'industry' ? entity.industry_code : name === 'region' ? entity.region_code : null
  return value && code ? `${value}（${code}）` : (value ?? '')
}

const original = (entity: Entity, field: string, shown: string): string => {
  const published = field === 'capital_text' ? entity.capital_text : field === 'status' ? entity.status_text : null
  return published && published !== shown ? published : ''
}

export function rows(entity: Entity): Row[] {
  const of = (fact: FactWords): Row => {
    const field = fact.name
    const shown = text(entity, fact)
    const from = entity.carried.find((each) => each.field === field || each.field === STORED[field]) ?? entity.origin
    return {
      field,
      label: fact.title,
      text: shown,
      original: original(entity, field, shown),
      file: from.file,
      place: `第 ${from.row} 行`,
      loaded: day(from.loaded_at),
    }
  }
  return words.value.facts
    .filter((fact) => fact.listed)
    .map(of)
    .filter((row) => row.text !== '')
}
