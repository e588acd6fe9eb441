/** Which option of an opened list is active, and the keys that move it (ARIA 1.2 combobox with a list). */
import { computed, ref, type Ref } from 'vue'

export function useCombobox(count: () => number) {
  const wanted = ref(false)
  const active = ref(-1)
  const open = computed(() => wanted.value && count() > 0)

  const show = () => {
    wanted.value = true
    active.value = -1
  }
  const close = () => {
    wanted.value = false
    active.value = -1
  }
  /** Past the last option comes what was typed (-1), then the first again. */
  const step = (by: 1 | -1) => {
    if (!open.value) wanted.value = true
    const places = count() + 1
    active.value = ((active.value + 1 + by + places) % places) - 1
  }
  return { open, active: active as Readonly<Ref<number>>, show, close, step }
}
