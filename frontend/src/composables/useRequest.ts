/**
 * One request at a time, in the states that a page shows: pending, slow (pending for 150 ms), problem, data.
 *
 * A new `run` aborts the one before it, and so does leaving the page; what an aborted request still answers is ignored.
 * Data stays while it is asked for anew.
 */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { fromError, isAbort, type Problem } from '@/api/problem'

export const SLOW_MS = 150

export interface Request<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<Problem | undefined>
  pending: Ref<boolean>
  slow: Ref<boolean>
  /** The answer, or nothing where it failed or is no longer wanted. */
  run: (ask: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>
  stop: () => void
}

export function useRequest<T>(): Request<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const pending = ref(false)
  const slow = ref(false)
  let current = new AbortController()
  let timer = 0

  const settle = () => {
    window.clearTimeout(timer)
    pending.value = slow.value = false
  }
  const stop = () => {
    current.abort()
    settle()
  }
  const start = () => {
    stop()
    current = new AbortController()
    pending.value = true
    timer = window.setTimeout(() => (slow.value = true), SLOW_MS)
    return current
  }
  const run = async (ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> => {
    const mine = start()
    const unwanted = () => mine !== current || mine.signal.aborted
    try {
      const answer = await ask(mine.signal)
      if (unwanted()) return undefined
      settle()
      problem.value = undefined
      return (data.value = answer)
    } catch (error) {
      if (unwanted() || isAbort(error)) return undefined
      settle()
      problem.value = fromError(error)
      return undefined
    }
  }
  onScopeDispose(stop)
  return { data, problem, pending, slow, run, stop }
}
