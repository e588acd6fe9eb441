/** What the API calls kinds of record, their states and facts: asked once, used by everything that names them. */
import { shallowRef } from 'vue'

import type { About, FactWords, KindWords } from '@/api/types'

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
  effects: {},
}

export const kindOf = (name: string): KindWords => words.value.kinds.find((kind) => kind.name === name) ?? NAMELESS

/** The name of a fact of an entity or of any kind of record. */
export const fieldName = (field: string): string => {
  const of = (facts: readonly FactWords[]) => facts.find((fact) => fact.name === field)?.title
  return of(words.value.facts) ?? words.value.kinds.map((kind) => of(kind.facts)).find(Boolean) ?? field
}
