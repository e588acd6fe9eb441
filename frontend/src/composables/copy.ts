/** Text to the clipboard: by the browser's own way where the page came over https, else by a selection that is copied. */
const bySelection = (text: string): boolean => {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'visually-hidden'
  field.setAttribute('aria-hidden', 'true')
  // Inside an opened dialog, since nothing outside of it can be selected.
  ;(before?.closest('dialog') ?? document.body).append(field)
  field.select()
  try {
    // No other way is there over plain http, and every browser keeps this one for that.
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  }
}

/** Whether it is copied. `navigator.clipboard` is not there over plain http, whatever its type says. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined
  try {
    if (clipboard) {
      await clipboard.writeText(text)
      return true
    }
  } catch {
    // no permission: the other way asks for none
  }
  return bySelection(text)
}
