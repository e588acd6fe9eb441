/**
 * The query of the address as the state of a search: read from it, and changed only by going to another address.
 *
 * The names are those of the API, so that an address of the page says what to ask the API. A filter may have several
 * values; of what can be said once (`ONCE`: the words, the order) the first counts.
 */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

export type Changes = Record<string, string | string[] | undefined>

export interface Address {
  all: ComputedRef<Record<string, string[]>>
  first: (name: string) => string
  go: (changes: Changes) => void
}

const ONCE = /^(q|sort|list|.*_(from|to))$/

/** What the address says of a name, whether it says it once or more often. */
export const valuesIn = (query: LocationQuery, name: string): string[] => {
  const value = query[name]
  const values = (Array.isArray(value) ? value : [value]).filter((text): text is string => !!text)
  return ONCE.test(name) ? values.slice(0, 1) : values
}

export const valueIn = (query: LocationQuery, name: string): string => valuesIn(query, name)[0] ?? ''

export function useAddress(names: readonly string[]): Address {
  const route = useRoute()
  const router = useRouter()
  const all = computed(() => Object.fromEntries(names.map((name) => [name, valuesIn(route.query, name)])))
  return {
    all,
    first: (name) => valueIn(route.query, name),
    go: (changes) => {
      const query = { ...all.value, ...changes }
      const present = Object.entries(query).flatMap(([name, value]) => {
        const values = [value ?? []].flat().filter(Boolean)
        return values.length > 0 ? [[name, values.length > 1 ? values : values[0]]] : []
      })
      void router.push({ query: Object.fromEntries(present) as Record<string, string | string[]> })
    },
  }
}
