/** Names for what the page itself names; kinds and facts are named by the API (`words.ts`). */
import type { StateWords } from '@/api/types'

import { ADVERSE_STATUS, GOOD_STATUS, PAST_STATUS } from './given'
import { named } from './language'

export const facetName = (name: string): string => named('facet', name) ?? name

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
