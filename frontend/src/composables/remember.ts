/**
 * What a page had loaded, kept per entry of the browser's history, so that back and forward paint it at once.
 *
 * Kept in memory only: a reload asks the server again.
 */
const LIMIT = 30
const kept = new Map<string, unknown>()

/** Names the present entry of the history. vue-router counts entries in `history.state.position`. */
export const historyEntry = (fullPath: string): string => {
  const state = window.history.state as { position?: number } | null
  return `${state?.position ?? 0} ${fullPath}`
}

export const recall = <T>(key: string): T | undefined => kept.get(key) as T | undefined

export const keep = <T>(key: string, value: T): void => {
  kept.delete(key)
  kept.set(key, value)
  const oldest = kept.keys().next().value
  if (kept.size > LIMIT && oldest !== undefined) kept.delete(oldest)
}
