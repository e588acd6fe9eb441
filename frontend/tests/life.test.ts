import { beforeAll, describe, expect, it } from 'vitest'

import type { AnyRecord, Entity, FactWords } from '@/api/types'
import { rows } from '@/text/registration'
import { byYear, events, registered } from '@/text/timeline'
import { words } from '@/text/words'

const LOADED = '2024-05-01T02:00:00Z'
const entity = (facts: Partial<Entity>): Entity =>
  ({ carried: [], changes: [], former_names: [], renamed: [], moved: [], origin: { file: 'base.csv', row: 7, loaded_at: LOADED }, ...facts }) as Entity
const record = (record_id: string, happened_on: string | null): AnyRecord =>
  ({ record_id, kind: 'penalty', happened_on }) as AnyRecord

const fact = (name: string, type: FactWords['type'] = 'text', listed = true): FactWords => ({ name, title: name, type, listed }) as FactWords

beforeAll(() => {
  const facts = [fact('name'), fact('uscc', 'code'), fact('former_names', 'list'), fact('legal_rep'), fact('capital_text')]
  words.value = { repaired: 'hide', topics: [], filters: [], values: {}, kinds: [], facts: [...facts, fact('term_to_on', 'date'), fact('region'), fact('capital_cny', 'money', false)] }
})

describe('the registration as a table', () => {
  it('leaves out what is not published, and says where each fact comes from', () => {
    const carried = [{ field: 'region_code', file: 'older.csv', row: 3, loaded_at: '2023-01-01T20:00:00Z' }]
    const shown = rows(entity({ name: '示例公司', region: '厦门市思明区', region_code: '350203', legal_rep: null, carried }))
    expect(shown.map(({ field, text, elsewhere }) => [field, text, elsewhere])).toEqual(
      expect.arrayContaining([
        ['name', '示例公司', ''],
        ['region', '厦门市思明区（350203）', 'older.csv 第 3 行，2023-01-02 装载'],
      ]),
    )
    expect(shown.map((row) => row.field)).toEqual(['name', 'region'])
  })

  it('keeps the wording of the file beside capital that was read from it', () => {
    const facts = { capital_cny: 1_000_000, capital_text: '100(万元人民币)' }
    expect(rows(entity(facts)).find((row) => row.field === 'capital_text')).toMatchObject({
      text: '100 万元',
      original: '100(万元人民币)',
    })
    const unread = rows(entity({ capital_cny: null, capital_amount: null, capital_text: '若干' }))
    expect(unread.find((row) => row.field === 'capital_text')).toMatchObject({ text: '若干', original: '' })
  })

  it('says until when a former name and a former address were its own', () => {
    const change = { record_id: 'X-1', until_on: '2025-04-06' }
    const facts = {
      former_names: ['甲', '乙'],
      renamed: [{ name: '甲', ...change }],
      moved: [{ address: '旧路1号', ...change }],
      address: '新路2号',
    }
    words.value = { ...words.value, facts: [...words.value.facts, fact('address')] }
    const shown = rows(entity(facts))
    expect(shown.find((row) => row.field === 'former_names')?.text).toBe('甲（至 2025-04-06）、乙')
    expect(shown.find((row) => row.field === 'address')?.before).toEqual(['旧路1号（至 2025-04-06）'])
  })

  it('writes codes in groups, lists with 、 and an open term as 长期', () => {
    const facts = { uscc: '91350203155103485D', former_names: ['甲', '乙'], term_to_on: '9999-12-31' }
    const texts = Object.fromEntries(rows(entity(facts)).map((row) => [row.field, row.text]))
    expect(texts).toMatchObject({ uscc: '9135 0203 1551 0348 5D', former_names: '甲、乙', term_to_on: '长期' })
  })
})

describe('a life', () => {
  it('begins with what the register says', () => {
    const titles = registered(
      entity({ established_on: '2001-02-03', capital_cny: 500_000, status_on: '2020-01-01', status: '注销' }),
    ).map((event) => [event.on, event.title, event.source])
    expect(titles).toEqual([
      ['2001-02-03', '成立，注册资本 50 万元', 'base.csv 第 7 行'],
      ['2020-01-01', '登记状态变为“注销”', 'base.csv 第 7 行'],
    ])
  })

  it.each([
    [{ old: '甲', new: '乙' }, '由“甲”变为“乙”'],
    [{ old: null, new: '乙' }, '公布为“乙”'],
    [{ old: '甲', new: null }, '不再公布“甲”'],
  ])('a change %o is dated by its load', (values, words) => {
    const changes = [{ field: 'address', changed_at: '2024-04-30T16:00:00Z', file: null, row: null, ...values }]
    const [event] = registered(entity({ changes } as Partial<Entity>))
    expect(event).toMatchObject({ on: '2024-05-01', source: '' })
    expect(event?.title).toContain(words)
  })

  it('runs from the newest to the oldest, and to what has no date', () => {
    const list = events(entity({ established_on: '2001-02-03' }), [record('a', null), record('b', '2024-01-01')])
    expect(list.map((event) => event.key)).toEqual(['b', 'established_on', 'a'])
  })

  it('is cut by year', () => {
    const list = events(entity({}), [record('a', '2024-06-01'), record('b', '2024-01-01'), record('c', '2022-01-01'), record('d', null)])
    expect(byYear(list).map(({ year, events }) => [year, events.length])).toEqual([['2024', 2], ['2022', 1], ['', 1]])
  })
})
