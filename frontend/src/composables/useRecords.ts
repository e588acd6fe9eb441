/**
 * A list of records at the address: of all kinds, or of those of a list of its own (`topic`); asked, narrowed, sorted,
 * and what is said where nothing is found.
 */
import { computed, watch } from 'vue'

import { findRecords, type RecordQuery } from '@/api/client'
import type { AnyRecord, RecordPage } from '@/api/types'
import { known, recordKinds, titles, unloaded } from '@/text/coverage'
import { OF_RECORDS, chips as chipsOf, parameters } from '@/text/filters'
import { t } from '@/text/language'
import { topicOf } from '@/text/words'

import { useAddress } from './useAddress'
import { announce } from './useAnnouncer'
import { useListing } from './useListing'

const FILTERS = parameters(OF_RECORDS)

/** `name`: of the route; `sortings`: orders beside the default one, and what they are called. */
export function useRecords(name: string, topic: string, sortings: Readonly<Record<string, 'earliest' | 'fineDown'>>) {
  const { all, first, go } = useAddress(['q', 'sort', 'belongs', ...FILTERS])
  const asked = computed(() => (topic ? { ...all.value, topic: [topic] } : all.value))
  const listing = useListing<AnyRecord, RecordPage>(
    name,
    (cursor, signal) => findRecords({ ...asked.value, ...(cursor && { cursor }) } as RecordQuery, signal),
    focusFrom,
  )
  const { page, hits } = listing

  /** Who asked for more goes on reading at the first line of it. */
  function focusFrom(place: number) {
    announce(t('listing.shown', { shown: hits.value.length, total: page.value?.total ?? 0 }))
    document.getElementById(`hit-${hits.value[place]?.record_id}`)?.focus({ preventScroll: true })
  }

  const q = computed(() => first('q'))
  /** The default is an order of its own where words were typed, and the newest first where none were. */
  const sorts = computed(() => ({
    ...(q.value ? { '': t('sort.relevance'), '-happened_on': t('sort.latest') } : { '': t('sort.latest') }),
    ...Object.fromEntries(Object.entries(sortings).map(([order, called]) => [order, t(`sort.${called}`)])),
  }))
  const facets = computed(() => page.value?.facets ?? {})
  const chips = computed(() => chipsOf(OF_RECORDS, all.value, facets.value))
  const kinds = computed(() => (all.value.kind?.length ? all.value.kind : topicOf(topic).kinds))
  const searched = computed(() => recordKinds(known.value, kinds.value))
  const missing = computed(() => unloaded(searched.value))
  const someLoaded = computed(() => missing.value.length === 0 || missing.value.length < searched.value.length)
  /** Records are said not to be there of loaded kinds alone. */
  const nothing = computed(() => {
    if (!someLoaded.value) return t('records.notLoaded', { kinds: titles(missing.value) })
    if (missing.value.length > 0) return t('empty.title')
    return chips.value.length > 0 ? t('records.noneUnder') : t('records.none')
  })
  const clear = () => go(Object.fromEntries(FILTERS.map((name) => [name, undefined])))

  watch(page, (now) => now && announce(t('listing.foundRecords', { n: now.total })))
  return { list: listing, all, asked, first, go, q, sorts, facets, chips, kinds, someLoaded, nothing, clear }
}
