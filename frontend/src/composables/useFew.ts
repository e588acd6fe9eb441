/** The first few rows of a long list, and those that must stay in sight; all of them on demand. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'

export const FEW = 6

export function useFew<T>(
  rows: () => readonly T[],
  stays: (row: T) => boolean,
): { all: Ref<boolean>; shown: ComputedRef<T[]>; long: ComputedRef<boolean> } {
  const all = ref(false)
  const shown = computed(() => rows().filter((row, index) => all.value || index < FEW || stays(row)))
  return { all, shown, long: computed(() => rows().length > FEW) }
}
