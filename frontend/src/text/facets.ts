/** Facets over codes with levels, as a person chooses from them: what narrows nothing, or too finely, is left out. */
import type { Bucket, Facets } from '@/api/types'

import { t } from './language'

/** 350200 holds 350203, and 350000 both. */
const holds = (outer: string, inner: string): boolean =>
  outer !== inner && inner.startsWith(outer.replace(/(00)+$/, '')) && outer.endsWith('00')

/** A province or city of which everything is part of is no choice; the finer ones are. */
const regions = (buckets: Bucket[], total: number): Bucket[] =>
  buckets.filter((one) => one.count < total || !buckets.some((other) => holds(one.value, other.value)))

/** Sections (A to T) first, then divisions (two digits) with their code; groups and classes are too fine to list. */
const industries = (buckets: Bucket[]): Bucket[] => [
  ...buckets.filter((one) => /^[A-T]$/.test(one.value)),
  ...buckets.filter((one) => /^\d{2}$/.test(one.value)).map((one) => ({ ...one, name: t('fact.code', { value: one.name, code: one.value }) })),
]

/** `total`: hits of the search that these facets were counted over. */
export const arranged = (facets: Facets, total: number): Facets => ({
  ...facets,
  ...(facets.region && { region: regions(facets.region, total) }),
  ...(facets.industry && { industry: industries(facets.industry) }),
})

/**
 * Facets in the order and with the values that they had before, with the numbers of now: what is not there any more
 * counts 0, what is new comes last.
 */
export const steady = (before: Facets, now: Facets): Facets =>
  Object.fromEntries(
    Object.entries(now).map(([name, buckets]) => {
      const counts = new Map(buckets.map((each) => [each.value, each.count]))
      const kept = (before[name] ?? []).map((each) => ({ ...each, count: counts.get(each.value) ?? 0 }))
      const old = new Set(kept.map((each) => each.value))
      return [name, [...kept, ...buckets.filter((each) => !old.has(each.value))]]
    }),
  )
