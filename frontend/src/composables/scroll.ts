/** The place that a reader had: given back once the page is as long again as it was, unless the reader moves meanwhile. */
const PATIENCE_MS = 10_000
const MOVES = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const

/**
 * Write the place into the entry of the history, where a reload finds it. The router writes it when the page is hidden,
 * which is too late for Chromium.
 */
export function keepPlace(): void {
  const write = () => window.history.replaceState({ ...(window.history.state as object), scroll: { left: scrollX, top: scrollY } }, '')
  window.addEventListener('scrollend', write)
  window.addEventListener('beforeunload', write)
}

/** Resolves with whether the page is long enough to be scrolled to `top`. */
export function longEnough(top: number): Promise<boolean> {
  const root = document.documentElement
  const enough = () => root.scrollHeight - root.clientHeight >= top
  if (enough()) return Promise.resolve(true)
  return new Promise((resolve) => {
    const end = (found: boolean) => {
      observer.disconnect()
      window.clearTimeout(timer)
      MOVES.forEach((name) => window.removeEventListener(name, moved))
      resolve(found)
    }
    const moved = () => end(false)
    const observer = new ResizeObserver(() => enough() && end(true))
    const timer = window.setTimeout(moved, PATIENCE_MS)
    MOVES.forEach((name) => window.addEventListener(name, moved, { passive: true }))
    observer.observe(document.body)
  })
}
