/** Names for what the page itself names; kinds, facts and filters are named by the API (`words.ts`). */
import type { StateWords } from '@/api/types'

import { ADVERSE_STATUS, GOOD_STATUS, PAST_STATUS } from './given'
import { named } from './language'
import { words } from './words'

/** The name of a filter, where it is one and names are known. */
export const filterName = (name: string): string | undefined => words.value.filters.find((filter) => filter.name === name)?.title

export const facetName = (name: string): string => filterName(name) ?? name

/** By what a record was linked to a business, or why it was not. */
export const linkRule = (rule: string): string => named('link', rule) ?? rule

type Tone = StateWords['tone']

/** Red is for what is adverse now; a company that is gone is a fact of the past. */
export const statusTone = (status: string | null): Tone => {
  if (status === GOOD_STATUS) return 'good'
  if (status && ADVERSE_STATUS.includes(status)) return 'adverse'
  return status && PAST_STATUS.includes(status) ? 'past' : 'plain'
}

export type { Tone }
