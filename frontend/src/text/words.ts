/** What the API calls kinds of record, their states and facts: asked once, used by everything that names them. */
import { shallowRef } from 'vue'

import type { About, Counts, FactWords, KindWords } from '@/api/types'

import type { Tone } from './labels'

export const words = shallowRef<Pick<About, 'facts' | 'kinds' | 'repaired'>>({ facts: [], kinds: [], repaired: 'hide' })

const NAMELESS: KindWords = {
  name: '',
  title: '',
  tone: 'plain',
  facts: [],
  authorities: [],
  states: [],
  risks: [],
  span: [],
  party: true,
  related: false,
  variant: '',
  reworded: {},
}

export const kindOf = (name: string): KindWords => words.value.kinds.find((kind) => kind.name === name) ?? NAMELESS

/** The name of a fact of an entity or of any kind of record. */
export const fieldName = (field: string): string => {
  const of = (facts: readonly FactWords[]) => facts.find((fact) => fact.name === field)?.title
  return of(words.value.facts) ?? words.value.kinds.map((kind) => of(kind.facts)).find(Boolean) ?? field
}

/** What stands against an entity, what does so now first. A kind that is not loaded (null) is silent. */
export const risks = (counts: Counts): { text: string; tone: Tone }[] => {
  const numbers = counts as unknown as Record<string, number | null>
  const all = words.value.kinds.flatMap((kind) => kind.risks).filter((risk) => numbers[risk.name])
  const chips = all.map(({ name, risk, tone }) => ({ text: risk.replace('{}', String(numbers[name])), tone }))
  return [...chips.filter(({ tone }) => tone === 'adverse'), ...chips.filter(({ tone }) => tone !== 'adverse')]
}
