import { beforeAll, describe, expect, it } from 'vitest'

import type { AnyRecord, Entity, FactWords, KindWords } from '@/api/types'
import { recordFacts, stateWord } from '@/text/records'
import { rows } from '@/text/registration'
import { words } from '@/text/words'

const fact = (name: string, title: string): FactWords => ({ name, title, type: 'text', listed: true }) as FactWords

beforeAll(() => {
  const abnormal = {
    name: 'abnormal',
    facts: [fact('reason', '列入原因'), fact('removal_reason', '移出原因')],
    states: [{ name: 'listed', title: '现仍列入', tone: 'adverse' }],
    variant: 'regime',
    reworded: { marked: { 列入: '标记', 移出: '恢复' }, recorded: { 列入: '载入', 移出: '恢复记载' } },
  } as unknown as KindWords
  words.value = { repaired: 'hide', topics: [], filters: [], values: {}, kinds: [abnormal], facts: [fact('status', '登记状态'), fact('flags', '特别状态')] }
})

const listing = (regime: string): AnyRecord =>
  ({ kind: 'abnormal', state: 'listed', regime, reason: '未报年报', removal_reason: '补报' }) as AnyRecord

describe('a listing', () => {
  it('is told in the words of its file', () => {
    const told = (regime: string) => [stateWord(listing(regime)), ...recordFacts(listing(regime)).map(([label]) => label)]
    expect(told('listed')).toEqual(['现仍列入', '列入原因', '移出原因'])
    expect(told('recorded')).toEqual(['现仍载入', '载入原因', '恢复记载原因'])
    expect(told('marked')).toEqual(['现仍标记', '标记原因', '恢复原因'])
  })
})

describe('a check', () => {
  it('says what came of each item, and the same nowhere else', () => {
    const named = [['lines', '抽查事项与结果', 'lines'], ['results', '抽查结果', 'list'], ['items', '抽查事项', 'list']]
    const facts = named.map(([name, title, type]) => ({ name, title, type, listed: true })) as FactWords[]
    words.value.kinds.push({ name: 'spot_check', facts, states: [], variant: '', reworded: {} } as unknown as KindWords)
    const lines = [
      { item: '登记事项', result: '未发现问题', result_code: 'clear' },
      { item: null, result: '无法联系', result_code: null },
    ]
    const check = (more: object) => recordFacts({ kind: 'spot_check', lines, results: [], items: ['登记事项'], ...more } as unknown as AnyRecord)
    const told = check({ results: ['未发现问题', '无法联系'] })
    expect(told.map(([label]) => label)).toEqual(['抽查事项与结果'])
    expect(told[0]?.[1].split(/[；\n]/)).toEqual(['登记事项，未发现问题', '无法联系'])
    expect(check({ results: ['未发现问题', '又一结果'] }).map(([label]) => label)).toEqual(['抽查事项与结果', '抽查结果'])
    expect(check({ lines: [], results: ['未发现问题'] }).map(([label]) => label)).toEqual(['抽查结果', '抽查事项'])
  })
})

describe('a task', () => {
  it('says a share once, and numbers in groups', () => {
    const named = [['pool', '抽取库总户数', 'count'], ['ratio_percent', '抽取比例', 'number'], ['ratio_text', '抽取比例', 'text']]
    const facts = named.map(([name, title, type]) => ({ name, title, type, listed: true })) as FactWords[]
    words.value.kinds.push({ name: 'check_task', facts, states: [], variant: '', reworded: {} } as unknown as KindWords)
    const told = (more: object) => recordFacts({ kind: 'check_task', pool: 96613, ratio_percent: 3, ...more } as unknown as AnyRecord)
    expect(told({ ratio_text: '不低于3%' })).toEqual([['抽取库总户数', '96,613'], ['抽取比例', '不低于3%']])
    expect(told({ ratio_text: null })).toEqual([['抽取库总户数', '96,613'], ['抽取比例', '3%']])
  })
})

describe('the state of an entity', () => {
  it('stands beside its wording and what is said for a time', () => {
    const entity = {
      carried: [],
      origin: { file: 'base.csv', row: 7, loaded_at: '2024-05-01T02:00:00Z' },
      status: '吊销未注销',
      status_text: '吊销，未注销',
      flags: [{ flag: '另册管理', since_on: null, until_on: null, basis: null, text: '另册管理' }],
    } as unknown as Entity
    expect(rows(entity).map(({ field, text, original }) => [field, text, original])).toEqual([
      ['status', '吊销未注销', '吊销，未注销'],
      ['flags', '另册管理', ''],
    ])
  })
})
