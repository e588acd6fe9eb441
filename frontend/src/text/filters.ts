/** Filters of a search as the page shows them: which there are, and what each chosen one is called. */
import type { Facets } from '@/api/types'

import { amount } from './format'
import { facetName, linkRule } from './labels'
import { t } from './language'
import { kindOf, valueName } from './words'

/** A filter by a range has two parameters, `…_from` and `…_to`, both inclusive. */
export const RANGES = ['established', 'capital', 'happened', 'fine', 'closed', 'ended', 'lasted', 'published', 'loaded'] as const
export type RangeName = (typeof RANGES)[number]

/** Ranges of numbers: how many of the API's units (yuan, days) one is in which people type them. Others are of dates. */
const UNITS = { capital: 10_000, fine: 1, lasted: 1 } as const

/** The unit of a range of numbers, with its name; nothing for one of dates. */
export const unitOf = (name: RangeName): { name: string; of: number } | undefined => {
  const known = Object.keys(UNITS).find((each): each is keyof typeof UNITS => each === name)
  return known && { name: t(`unit.${known}`), of: UNITS[known] }
}

/** All filters of a list, those that the panel offers first. */
export const OF_ENTITIES = [
  ...['status', 'flag', 'has', 'kind', 'region', 'industry', 'established', 'closed', 'capital', 'authority', 'loaded'],
] as const
export const OF_RECORDS = [
  ...['kind', 'state', 'category', 'check_kind', 'happened', 'ended', 'lasted', 'published', 'fine', 'region', 'authority', 'law'],
  ...['violation', 'article', 'address', 'link', 'loaded'],
] as const

export const isRange = (name: string): name is RangeName => (RANGES as readonly string[]).includes(name)

export interface Chip {
  /** What is written on it: «地区», «思明区». */
  name: string
  value: string
  /** The change of the address that takes it away. */
  without: Record<string, string[]>
}

export type Chosen = Readonly<Record<string, string[]>>

const bound = (name: RangeName, value: string): string =>
  !(name in UNITS) || Number.isNaN(Number(value)) ? value : name === 'lasted' ? t('value.days', { n: Number(value) }) : amount(Number(value))

/** «100 万元 至 500 万元». */
export const rangeText = (name: RangeName, from: string | undefined, to: string | undefined): string => {
  if (from && to) return t('common.range', { from: bound(name, from), to: bound(name, to) })
  return from ? t('chip.from', { from: bound(name, from) }) : t('chip.to', { to: bound(name, to ?? '') })
}

const rangeChips = (name: RangeName, chosen: Chosen): Chip[] => {
  const from = chosen[`${name}_from`]?.[0]
  const to = chosen[`${name}_to`]?.[0]
  if (!from && !to) return []
  return [{ name: facetName(name), value: rangeText(name, from, to), without: { [`${name}_from`]: [], [`${name}_to`]: [] } }]
}

/** Codes that no facet names. */
const CALLED: Readonly<Record<string, (value: string) => string>> = {
  article: (value) => value.replace(/^(.*)\|(\d+)(?:-(\d+))?$/, (_, law: string, number: string, of?: string) => of ? t('chip.articleOf', { law, number, of }) : t('chip.article', { law, number })),
  link: (value) => linkRule(value),
}

const valueChips = (name: string, chosen: Chosen, facets: Facets): Chip[] => {
  const values = chosen[name] ?? []
  const nameOf = (value: string) =>
    kindOf(value).title || (CALLED[name]?.(value) ?? valueName(facets[name]?.find((bucket) => bucket.value === value)?.name ?? value))
  return values.map((value) => ({
    name: facetName(name),
    value: nameOf(value),
    without: { [name]: values.filter((other) => other !== value) },
  }))
}

export const chips = (names: readonly string[], chosen: Chosen, facets: Facets): Chip[] =>
  names.flatMap((name) => (isRange(name) ? rangeChips(name, chosen) : valueChips(name, chosen, facets)))

/** The parameters that filters of these names take. */
export const parameters = (names: readonly string[]): string[] =>
  names.flatMap((name) => (isRange(name) ? [`${name}_from`, `${name}_to`] : [name]))
