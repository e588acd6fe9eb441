/** The registration of an entity as rows of a table: what, its value as people read it, and where it comes from. */
import type { Entity } from '@/api/types'

import { capital, date, day, grouped } from './format'
import { FIELDS } from './labels'

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

type Field = keyof typeof FIELDS

const DATES: readonly string[] = ['status_on', 'established_on', 'approved_on', 'term_from_on', 'term_to_on']
/** Facts of the file under whose name another field of the answer is shown. */
const STORED: Readonly<Partial<Record<Field, string>>> = { region: 'region_code', industry: 'industry_code' }

const text = (entity: Entity, field: Field): string => {
  const value = entity[field]
  if (field === 'capital_text') return capital(entity)
  if (field === 'uscc' && entity.uscc) return grouped(entity.uscc)
  if (Array.isArray(value)) return value.join('、')
  if (DATES.includes(field)) return date(value)
  const code = field === 'industry' ? entity.industry_code : field === 'region' ? entity.region_code : null
  return value && code ? `${value}（${code}）` : (value ?? '')
}

const original = (entity: Entity, field: Field, shown: string): string =>
  field === 'capital_text' && entity.capital_text && entity.capital_text !== shown ? entity.capital_text : ''

export function rows(entity: Entity): Row[] {
  const of = (field: Field): Row => {
    const shown = text(entity, field)
    const from = entity.carried.find((fact) => fact.field === field || fact.field === STORED[field]) ?? entity.origin
    return {
      field,
      label: FIELDS[field],
      text: shown,
      original: original(entity, field, shown),
      file: from.file,
      place: `第 ${from.row} 行`,
      loaded: day(from.loaded_at),
    }
  }
  return (Object.keys(FIELDS) as Field[]).map(of).filter((row) => row.text !== '')
}
