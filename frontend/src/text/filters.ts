/** Filters of a search as the page shows them: which there are, and what each chosen one is called. */
import type { Facets } from '@/api/types'

import { amount } from './format'
import { FACETS, LINK_RULES } from './labels'
import { kindOf } from './words'

/** A filter by a range has two parameters, `…_from` and `…_to`, both inclusive. */
export const RANGES = ['established', 'capital', 'happened', 'fine', 'closed', 'ended', 'lasted', 'published', 'loaded'] as const
export type RangeName = (typeof RANGES)[number]

/** Ranges of numbers: the unit in which people type them, and how many of the API's (yuan, days) it is. Others are of dates. */
export const UNITS: Readonly<Partial<Record<RangeName, { name: string; of: number }>>> = {
  capital: { name: '万元', of: 10_000 },
  fine: { name: '元', of: 1 },
  lasted: { name: '天', of: 1 },
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
  /** What is written on it: 「地区：思明区」. */
  text: string
  /** The change of the address that takes it away. */
  without: Record<string, string[]>
}

export type Chosen = Readonly<Record<string, string[]>>

const bound = (name: RangeName, value: string): string =>
  UNITS[name] && !Number.isNaN(Number(value)) ? amount(Number(value), name === 'lasted' ? '天' : '元') : value

const rangeText = (name: RangeName, from: string | undefined, to: string | undefined): string => {
  if (from && to) return `${bound(name, from)} 至 ${bound(name, to)}`
  return from ? `${bound(name, from)} 起` : `至 ${bound(name, to ?? '')}`
}

const rangeChips = (name: RangeName, chosen: Chosen): Chip[] => {
  const from = chosen[`${name}_from`]?.[0]
  const to = chosen[`${name}_to`]?.[0]
  if (!from && !to) return []
  return [{ text: `${FACETS[name]}：${rangeText(name, from, to)}`, without: { [`${name}_from`]: [], [`${name}_to`]: [] } }]
}

/** Codes that no facet names. */
const CALLED: Readonly<Record<string, (value: string) => string>> = {
  article: (value) => value.replace(/^(.*)\|(\d+)(?:-(\d+))?$/, (_, law, number, of) => `${law}第${number}条${of ? `之${of}` : ''}`),
  link: (value) => LINK_RULES[value] ?? value,
}

const valueChips = (name: string, chosen: Chosen, facets: Facets): Chip[] => {
  const values = chosen[name] ?? []
  const nameOf = (value: string) => facets[name]?.find((bucket) => bucket.value === value)?.name ?? (CALLED[name]?.(value) ?? (kindOf(value).title || value))
  return values.map((value) => ({
    text: `${FACETS[name] ?? name}：${nameOf(value)}`,
    without: { [name]: values.filter((other) => other !== value) },
  }))
}

export const chips = (names: readonly string[], chosen: Chosen, facets: Facets): Chip[] =>
  names.flatMap((name) => (isRange(name) ? rangeChips(name, chosen) : valueChips(name, chosen, facets)))

/** The parameters that filters of these names take. */
export const parameters = (names: readonly string[]): string[] =>
  names.flatMap((name) => (isRange(name) ? [`${name}_from`, `${name}_to`] : [name]))
