import { beforeAll, expect, it } from 'vitest'

import type { AnyRecord, Entity, KindWords } from '@/api/types'
import { adverseNow, verdict } from '@/text/verdict'
import { words } from '@/text/words'

const ABNORMAL = {
  name: 'abnormal',
  title: '经营异常',
  tone: 'plain',
  states: [{ name: 'listed', title: '现仍列入', tone: 'adverse' }, { name: 'removed', title: '已移出', tone: 'past' }],
  span: ['listed_on', 'removed_on'],
  variant: 'regime',
  reworded: { marked: { 列入经营异常名录: '标记为经营异常状态', 列入: '标记', 移出: '恢复' } },
  effects: {},
}
const listing = (record_id: string, listed_on: string | null, more: object = {}): AnyRecord =>
  ({ record_id, kind: 'abnormal', state: 'listed', regime: 'listed', listed_on, happened_on: listed_on, headline: '列入经营异常名录：失联', ...more }) as unknown as AnyRecord
const entity = (...parts: (readonly [string, string])[]): Entity =>
  ({ sentences: parts.map(([kind, text]) => ({ kind, text })) }) as unknown as Entity

beforeAll(() => {
  words.value = { repaired: 'hide', topics: [], filters: [], values: {}, facts: [], kinds: [ABNORMAL as unknown as KindWords] }
})

it('tells record by record what stands against it now, since when, in the words of the record', () => {
  const told = verdict(entity(['registration', '2016 年成立，存续'], ['abnormal', '现列入经营异常名录']), [
    listing('b', '2025-10-23', { regime: 'marked', headline: '标记为经营异常状态' }),
    listing('a', '2024-09-18'),
  ])
  expect(told).toEqual([
    '2016 年成立，存续。',
    '2024-09-18 起列入经营异常名录（失联），至今未移出。',
    '2025-10-23 起标记为经营异常状态，至今未恢复。',
  ])
})

it('says what the sentence says where the records are not here or nothing stands', () => {
  expect(verdict(entity(['abnormal', '现列入经营异常名录']), [])).toEqual(['现列入经营异常名录。'])
  const over = listing('c', '2020-01-01', { state: 'removed' })
  expect(adverseNow([over])).toEqual([])
  expect(verdict(entity(['abnormal', '曾列入经营异常名录，已移出']), [over])).toEqual(['曾列入经营异常名录，已移出。'])
})

it('does not make up a day', () => {
  expect(verdict(entity(['abnormal', '现列入经营异常名录']), [listing('d', null)])).toEqual([
    '列入经营异常名录，日期未公布（失联），至今未移出。',
  ])
})
