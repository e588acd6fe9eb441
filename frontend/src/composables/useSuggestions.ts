/** Suggestions for what is typed, from the second character; nothing is asked while an input method is composing. */
import { computed, ref } from 'vue'

import { suggest } from '@/api/client'
import type { Suggestion } from '@/api/types'

import { useRequest } from './useRequest'

export const LEAST = 2

export function useSuggestions() {
  const request = useRequest<Suggestion[]>()
  const composing = ref(false)
  const items = computed(() => request.data.value ?? [])

  const clear = () => {
    request.stop()
    request.data.value = undefined
  }
  /** Failures are silent: who types can always search. */
  const ask = async (text: string) => {
    const q = text.trim()
    if (composing.value) return
    if ([...q].length < LEAST) return clear()
    await request.run(async (signal) => (await suggest(q, signal)).suggestions)
    if (request.problem.value) clear()
  }
  return { items, composing, ask, clear }
}
