/** Small things that a reload of this window should not lose: gone when the window is closed, and sent to nobody. */
export const kept = <T>(name: string): T | undefined => {
  try {
    const text = window.sessionStorage.getItem(name)
    return text ? (JSON.parse(text) as T) : undefined
  } catch {
    return undefined // not allowed, or not ours
  }
}

export const keepInTab = (name: string, value: unknown): void => {
  try {
    window.sessionStorage.setItem(name, JSON.stringify(value))
  } catch {
    // not allowed, or full: then a reload loses it
  }
}
