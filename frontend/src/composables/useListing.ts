/**
 * A list that grows by cursor: the first page of what the address asks for, and more pages on demand.
 *
 * The address is watched while the route is `name`; a change asks for a new first page, unless this entry of the history
 * was loaded before. How much was shown stands in the entry of the history, so that a reload shows as much again. The
 * list of the last answer stays visible until the next one is there; `serial` counts the answers: a new list is a new
 * element, since lines of an old one that find their place in the new one would jump. `shown` is called with the place
 * of the first new hit when a further page is in the document.
 */
import { computed, nextTick, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
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

interface Kept<H, P> {
  first: P
  cursor: string | null
  hits: H[]
}

export interface Listing<H, P extends Page<H>> {
  first: Request<P>
  next: Request<P>
  page: ComputedRef<P | undefined>
  hits: ShallowRef<H[]>
  serial: Ref<number>
  hasMore: ComputedRef<boolean>
  more: () => Promise<void>
  retry: () => Promise<void>
}

/** How many hits this entry of the history has shown; 0 for one that is new. */
const shownBefore = (): number => (window.history.state as { shown?: number } | null)?.shown ?? 0

export function useListing<H, P extends Page<H>>(
  name: string,
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<P>,
  shown: (from: number) => void,
): Listing<H, P> {
  const route = useRoute()
  const first = useRequest<P>()
  const next = useRequest<P>()
  const hits = shallowRef<H[]>([])
  const cursor = ref<string | null>(null)
  const serial = ref(0)
  let entry = ''

  const remember = () => {
    if (first.data.value) keep<Kept<H, P>>(entry, { first: first.data.value, cursor: cursor.value, hits: hits.value })
  }
  const restore = (): boolean => {
    const state = recall<Kept<H, P>>(entry)
    if (!state) return false
    first.stop()
    first.problem.value = undefined
    first.data.value = state.first
    cursor.value = state.cursor
    hits.value = state.hits
    serial.value += 1
    return true
  }
  /** The first page, and those behind it that were shown before a reload. */
  const load = async () => {
    const wanted = shownBefore()
    let [at, all]: [string | null, H[]] = [null, []]
    const page = await first.run(async (signal) => {
      const page = await ask(undefined, signal)
      ;[at, all] = [page.cursor, page.hits]
      while (at && all.length < wanted) {
        const further = await ask(at, signal)
        ;[at, all] = [further.cursor, [...all, ...further.hits]]
      }
      return page
    })
    if (!page) return
    cursor.value = at
    hits.value = all
    serial.value += 1
    remember()
  }
  const open = () => {
    if (route.name !== name) return
    entry = historyEntry(route.fullPath)
    next.stop()
    next.problem.value = undefined
    if (!restore()) void load()
  }
  const more = async () => {
    const asked = cursor.value ?? undefined
    const page = await next.run((signal) => ask(asked, signal))
    if (!page) return
    const before = hits.value.length
    cursor.value = page.cursor
    hits.value = [...hits.value, ...page.hits]
    window.history.replaceState({ ...(window.history.state as object), shown: hits.value.length }, '')
    remember()
    await nextTick()
    shown(before)
  }
  watch(() => route.fullPath, open, { immediate: true })
  const hasMore = computed(() => cursor.value !== null)
  return { first, next, page: computed(() => first.data.value), hits, serial, hasMore, more, retry: load }
}
