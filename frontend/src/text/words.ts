/** What the API calls kinds of record, their states and facts: asked once, used by everything that names them. */
import { computed, shallowRef } from 'vue'

import type { About, FactWords, KindWords, TopicWords } from '@/api/types'

import { language } from './language'

type Words = Pick<About, 'facts' | 'filters' | 'kinds' | 'repaired' | 'topics' | 'values'> & Partial<Pick<About, 'watched'>>

const told = shallowRef<Words>({ facts: [], filters: [], kinds: [], repaired: 'hide', topics: [], values: {} })

/** What the API calls something in both languages, in that of the page. */
export const inLanguage = (title: string, english: string | undefined): string => (language.value === 'en' && english) || title

const titled = <W extends { title: string; english: string }>(each: W): W => ({ ...each, title: inLanguage(each.title, each.english) })

const kindTitled = (kind: KindWords): KindWords => ({
  ...titled(kind),
  facts: kind.facts.map(titled),
  states: kind.states.map(titled),
  reworded: language.value === 'en' ? kind.reworded_english : kind.reworded,
})

const topicTitled = (topic: TopicWords): TopicWords => ({ ...titled(topic), about: inLanguage(topic.about, topic.about_english) })

const inEnglish = (given: Words): Words => ({
  ...given,
  facts: given.facts.map(titled),
  filters: given.filters.map(titled),
  kinds: given.kinds.map(kindTitled),
  topics: given.topics.map(topicTitled),
})

/** Set as the API tells them; read in the language of the page. */
export const words = computed<Words>({
  get: () => (language.value === 'zh' ? told.value : inEnglish(told.value)),
  set: (given) => (told.value = given),
})

const NAMELESS: KindWords = {
  name: '',
  title: '',
  english: '',
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
  reworded_english: {},
  effects: {},
  columns: [],
}

export const kindOf = (name: string): KindWords => words.value.kinds.find((kind) => kind.name === name) ?? NAMELESS

const NO_TOPIC: TopicWords = { name: '', title: '', english: '', about: '', about_english: '', kinds: [], filters: [] }

/** A list of some kinds; of no name one of all. */
export const topicOf = (name: string): TopicWords => words.value.topics.find((topic) => topic.name === name) ?? NO_TOPIC

/** A word of registers (存续, 企业) in the language of the page. */
export const valueName = (value: string): string => inLanguage(value, told.value.values[value])

/** The name of a fact of an entity or of any kind of record. */
export const fieldName = (field: string): string => {
  const of = (facts: readonly FactWords[]) => facts.find((fact) => fact.name === field)?.title
  return of(words.value.facts) ?? words.value.kinds.map((kind) => of(kind.facts)).find(Boolean) ?? field
}
