/**
 * One entity and its records, for the address that is open; back and forward paint what was loaded before.
 *
 * Records come in pages of a hundred, newest first; few entities have more than one page.
 */
import { computed, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'

import { getEntity, getTimeline } from '@/api/client'
import type { AnyRecord, Entity, RecordPage } from '@/api/types'

import { keep, recall } from './remember'
import { useRequest } from './useRequest'

interface Kept {
  entity: Entity
  page: RecordPage
  records: AnyRecord[]
}

export function useEntity() {
  const route = useRoute()
  const id = computed(() => (route.name === 'entity' ? String(route.params.id) : ''))
  const entity = useRequest<Entity>()
  const page = useRequest<RecordPage>()
  const records = shallowRef<AnyRecord[]>([])

  const key = () => `entity ${id.value}`
  const remember = () => {
    const kept = { entity: entity.data.value, page: page.data.value, records: records.value }
    if (kept.entity && kept.page) keep(key(), kept)
  }
  const more = async () => {
    const got = await page.run((signal) => getTimeline(id.value, page.data.value?.cursor ?? undefined, signal))
    if (!got) return
    records.value = [...records.value, ...got.hits]
    remember()
  }
  const restore = (): boolean => {
    const kept = recall<Kept>(key())
    entity.data.value = kept?.entity
    page.data.value = kept?.page
    records.value = kept?.records ?? []
    return !!kept
  }
  const load = async () => {
    const asked = id.value
    page.data.value = undefined
    records.value = []
    await Promise.all([entity.run((signal) => getEntity(asked, signal)), more()])
    if (asked === id.value) remember()
  }
  watch(
    id,
    (now) => {
      if (now && !restore()) void load()
    },
    { immediate: true },
  )
  return { id, entity, page, records, more, load }
}
