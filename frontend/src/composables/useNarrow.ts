/** Whether the window is as narrow as a phone's: filters are a sheet there. The same width stands in the styles. */
import { readonly, ref } from 'vue'

const media = window.matchMedia('(max-width: 52rem)')
const narrow = ref(media.matches)
media.addEventListener('change', () => (narrow.value = media.matches))

export const useNarrow = () => readonly(narrow)
