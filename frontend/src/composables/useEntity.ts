/**
 * One entity and all its records, for the address that is open; back and forward paint what was loaded before.
 *
 * Entity and newest records are shown together: what came later would push the rest of the page down. Records come in
 * pages of a hundred, newest first; further pages follow by themselves, up to `MOST`, since paper has no button for more.
 */
import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'

import { getEntity, getRelatives, getTimeline } from '@/api/client'
import type { AnyRecord, Entity, RecordPage, Relatives } from '@/api/types'

import { keep, recall } from './remember'
import { valueIn } from './useAddress'
import { useRequest } from './useRequest'

/** So many records are read without being asked for. */
export const MOST = 2000

interface Kept {
  entity: Entity
  relatives: Relatives | undefined
  page: RecordPage
  records: AnyRecord[]
}

export function useEntity() {
  const route = useRoute()
  const id = computed(() => (route.name === 'entity' ? String(route.params.id) : ''))
  const asOf = computed(() => valueIn(route.query, 'as_of'))
  const entity = useRequest<Entity>()
  const page = useRequest<RecordPage>()
  const relatives = useRequest<Relatives>()
  const records = shallowRef<AnyRecord[]>([])
  const ready = ref(false)

  const key = () => `entity ${id.value} ${asOf.value}`
  const remember = () => {
    const { value: known } = entity.data
    const { value: newest } = page.data
    if (!known || !newest) return
    keep<Kept>(key(), { entity: known, relatives: relatives.data.value, page: newest, records: records.value })
  }
  const following = () => page.data.value?.cursor ?? undefined
  /** The next page, and those behind it until `most` records are there. */
  const more = async (most = Infinity) => {
    const asked = key()
    const got = await page.run((signal) => getTimeline(id.value, following(), signal))
    if (!got || asked !== key()) return
    records.value = [...records.value, ...got.hits]
    remember()
    if (got.cursor && ready.value && records.value.length < most) await more(most)
  }
  const restore = (): boolean => {
    const kept = recall<Kept>(key())
    entity.data.value = kept?.entity
    page.data.value = kept?.page
    relatives.data.value = kept?.relatives
    records.value = kept?.records ?? []
    ready.value = !!kept
    return !!kept
  }
  const load = async () => {
    const asked = key()
    page.data.value = undefined
    records.value = []
    const [got] = await Promise.all([
      entity.run((signal) => getEntity(id.value, asOf.value, signal)),
      more(),
      relatives.run((signal) => getRelatives(id.value, signal)),
    ])
    if (asked !== key() || !got) return
    ready.value = true
    remember()
    if (following()) await more(MOST)
  }
  watch(
    [id, asOf],
    () => {
      if (!id.value) return
      entity.problem.value = undefined
      if (!restore()) void load()
      else if (following()) void more(MOST)
    },
    { immediate: true },
  )
  /** Whether every record is here, or will not come by itself. */
  const whole = computed(() => !!page.data.value && !page.data.value.cursor)
  return { id, asOf, entity, page, relatives, records, ready, whole, more, load }
}
