import { beforeEach, describe, expect, it } from 'vitest'

import type { KindCoverage, KindWords } from '@/api/types'
import { noRecords, notLoaded, offices, size, span, until } from '@/text/coverage'
import { words } from '@/text/words'

const covered = (kind: string, records: number, more: Partial<KindCoverage> = {}): KindCoverage => ({
  kind,
  loaded: true,
  records,
  authorities: [],
  content_from: '2018-01-02',
  content_until: '2026-11-20',
  loaded_at: '2026-11-27T10:00:00+08:00',
  ...more,
})
const missing = (kind: string) =>
  covered(kind, 0, { loaded: false, content_from: null, content_until: null, loaded_at: null })
const office = (name: string) => ({ name, records: 1, content_from: null, content_until: null, loaded_at: null })

const REGISTER = covered('registration', 2001, { content_until: '2026-10-31' })
const PENALTIES = covered('penalty', 106)
const ALL = [REGISTER, PENALTIES, missing('abnormal')]

beforeEach(() => {
  const named = [['penalty', '行政处罚'], ['abnormal', '经营异常']].map(([name, title]) => ({ name, title, party: true }))
  words.value = { repaired: 'hide', topics: [], filters: [], values: {}, facts: [], kinds: named as unknown as KindWords[] }
})

describe('what is loaded, in words', () => {
  it('says how much, and of which days', () => {
    expect(ALL.map(size)).toEqual(['2,001 家', '106 条', '0 条'])
    expect(ALL.map(span)).toEqual(['截至 2026-10-31', '2018-01-02 至 2026-11-20', ''])
    expect(span(covered('penalty', 1, { content_from: '2026-11-20' }))).toBe('2026-11-20')
  })

  it('names the offices as far as they are known', () => {
    expect(offices(covered('penalty', 1))).toBe('')
    expect(offices(covered('penalty', 1, { authorities: [office('示例局')] }))).toBe('示例局')
    const many = Array.from({ length: 20 }, () => office('示例局'))
    expect(offices(covered('penalty', 20, { authorities: many.slice(1) }))).toBe('示例局等 19 个机关')
    expect(offices(covered('penalty', 20, { authorities: many }))).toBe('示例局等 20 个以上机关')
  })

  it('says the day of the data by kind where the days differ', () => {
    expect(until(ALL, '2026-11-20')).toBe('数据截至 2026-11-20（登记信息 2026-10-31，行政处罚 2026-11-20）')
    expect(until([PENALTIES, missing('abnormal')], '2026-11-20')).toBe('数据截至 2026-11-20')
    expect(until([], null)).toBe('')
  })
})

describe('what is not loaded', () => {
  it('is named, and never said to be absent', () => {
    expect(notLoaded(ALL)).toBe('未装载：经营异常。查不到，不说明没有。')
    expect(notLoaded(ALL.slice(0, 2))).toBe('')
    expect(noRecords(ALL)).toBe('装载的行政处罚里，没有这家企业依法仍在公示的记录。')
    expect(noRecords([REGISTER, missing('penalty')])).toBe('')
  })
})
