/**
 * A list that grows by cursor: the first page of what the address asks for, and more pages on demand.
 *
 * The address is watched while the route is `name`; a change asks for a new first page, unless this entry of the history
 * was loaded before. The list of the last answer stays visible until the next one is there. `shown` is called with the
 * place of the first new hit when a further page is in the document.
 */
import { computed, nextTick, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute } from 'vue-router'

import type { Facets } from '@/api/types'

import { historyEntry, keep, recall } from './remember'
import { useRequest, type Request } from './useRequest'

interface Page<H> {
  hits: H[]
  total: number
  facets: Facets
  cursor: string | null
}

export interface Listing<H, P extends Page<H>> {
  first: Request<P>
  next: Request<P>
  page: ComputedRef<P | undefined>
  hits: ShallowRef<H[]>
  hasMore: ComputedRef<boolean>
  more: () => Promise<void>
  retry: () => Promise<void>
}

export function useListing<H, P extends Page<H>>(
  name: string,
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
  shown: (from: number) => void,
): Listing<H, P> {
  const route = useRoute()
  const first = useRequest<P>()
  const next = useRequest<P>()
  const hits = shallowRef<H[]>([])
  let entry = ''

  const remember = () => keep(entry, { first: first.data.value, next: next.data.value, hits: hits.value })
  const restore = (): boolean => {
    const state = recall<{ first: P; next: P | undefined; hits: H[] }>(entry)
    if (!state) return false
    first.stop()
    first.problem.value = undefined
    first.data.value = state.first
    next.data.value = state.next
    hits.value = state.hits
    return true
  }
  const load = async () => {
    const page = await first.run((signal) => ask(undefined, signal))
    if (!page) return
    next.data.value = undefined
    hits.value = page.hits
    remember()
  }
  const open = () => {
    if (route.name !== name) return
    entry = historyEntry(route.fullPath)
    next.stop()
    next.problem.value = undefined
    if (!restore()) void load()
  }
  const cursor = computed(() => (next.data.value ?? first.data.value)?.cursor ?? undefined)
  const more = async () => {
    const asked = cursor.value
    const page = await next.run((signal) => ask(asked, signal))
    if (!page) return
    const before = hits.value.length
    hits.value = [...hits.value, ...page.hits]
    remember()
    await nextTick()
    shown(before)
  }
  watch(() => route.fullPath, open, { immediate: true })
  return { first, next, page: computed(() => first.data.value), hits, hasMore: computed(() => !!cursor.value), more, retry: load }
}
