/** What changed without the focus moving, said once by the live region of the page. */
import { readonly, ref } from 'vue'

const text = ref('')

export const announced = readonly(text)

export const announce = (message: string): void => {
  text.value = message
}
