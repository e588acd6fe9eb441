/**
 * A watch list and what changed of it since it was last looked at. How far that was is kept in this browser alone: a cursor
 * by list. A reload of the window shows the same again.
 */
import { ref } from 'vue'

import { changesOf, getWatch } from '@/api/watch'
import type { FollowedChange, WatchAnswer } from '@/api/types'

import { keepInTab, kept } from './tab'
import { useRequest } from './useRequest'

interface Look {
  cursor: string
  at: string
}
interface Changes {
  changes: readonly FollowedChange[]
  more: boolean
  complete: boolean
}

const name = (id: string) => `xincha-watch ${id}`

const lastLook = (id: string): Look | undefined => {
  try {
    return JSON.parse(window.localStorage.getItem(name(id)) ?? 'null') ?? undefined
  } catch {
    return undefined // not allowed, or not ours
  }
}

const keepLook = (id: string, look: Look | undefined): void => {
  try {
    if (look) window.localStorage.setItem(name(id), JSON.stringify(look))
    else window.localStorage.removeItem(name(id))
  } catch {
    // not allowed: then each look begins where the list did
  }
}

export function forgetWatch(id: string): void {
  keepLook(id, undefined)
  keepInTab(name(id), null)
}

export function useWatch(id: string) {
  const list = useRequest<WatchAnswer>()
  const changed = useRequest<Changes>()
  /** Since when it is looked at; nothing: since the list was made. */
  const since = ref(kept<Look | null>(name(id)) ?? lastLook(id))

  const look = async (): Promise<void> => {
    keepInTab(name(id), since.value ?? null)
    await Promise.all([
      list.data.value ? undefined : list.run((signal) => getWatch(id, signal)),
      changed.run(async (signal) => {
        const { cursor, ...changes } = await changesOf(id, since.value?.cursor, signal)
        if (!changes.more) keepLook(id, { cursor, at: new Date().toISOString() })
        return changes
      }),
    ])
  }
  const lookAtAll = (): Promise<void> => {
    since.value = undefined
    return look()
  }
  return { list, changed, since, look, lookAtAll }
}
