/** What the API calls kinds of record, their states and facts: asked once, used by everything that names them. */
import { shallowRef } from 'vue'

import type { About, FactWords, KindWords, TopicWords } from '@/api/types'

export const words = shallowRef<Pick<About, 'facts' | 'kinds' | 'repaired' | 'topics'>>({ facts: [], kinds: [], repaired: 'hide', topics: [] })

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
  columns: [],
}

export const kindOf = (name: string): KindWords => words.value.kinds.find((kind) => kind.name === name) ?? NAMELESS

const NO_TOPIC: TopicWords = { name: '', title: '', about: '', kinds: [], filters: [] }

/** A list of some kinds; of no name one of all. */
export const topicOf = (name: string): TopicWords => words.value.topics.find((topic) => topic.name === name) ?? NO_TOPIC

/** The name of a fact of an entity or of any kind of record. */
export const fieldName = (field: string): string => {
  const of = (facts: readonly FactWords[]) => facts.find((fact) => fact.name === field)?.title
  return of(words.value.facts) ?? words.value.kinds.map((kind) => of(kind.facts)).find(Boolean) ?? field
}
