/**
 * The query of the address as the state of a search: read from it, and changed only by going to another address.
 *
 * The names are those of the API, so that an address of the page says what to ask the API.
 */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'

export type Changes = Record<string, string | string[] | undefined>

export interface Address {
  all: ComputedRef<Record<string, string[]>>
  first: (name: string) => string
  go: (changes: Changes) => void
}

const lists = (query: LocationQuery, names: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    names.map((name) => {
      const value = query[name]
      const values = Array.isArray(value) ? value : [value]
      return [name, values.filter((text): text is string => !!text)]
    }),
  )

export function useAddress(names: readonly string[]): Address {
  const route = useRoute()
  const router = useRouter()
  const all = computed(() => lists(route.query, names))
  return {
    all,
    first: (name) => all.value[name]?.[0] ?? '',
    go: (changes) => {
      const query = { ...all.value, ...changes }
      const present = Object.entries(query).filter(([, value]) => value !== undefined && value.length > 0)
      void router.push({ query: Object.fromEntries(present) as Record<string, string | string[]> })
    },
  }
}
