/** Whether the page is on its way to paper, where everything stands that is folded or filtered away on the screen. */
import { readonly, ref } from 'vue'

const printing = ref(false)
const media = window.matchMedia('print')

const look = () => (printing.value = media.matches)
media.addEventListener('change', look)
/** Chromium and Firefox lay the page out after this event; Vue renders before that, since it waits for a microtask alone. */
window.addEventListener('beforeprint', () => (printing.value = true))
window.addEventListener('afterprint', look)
look()

export const usePrinting = () => readonly(printing)
