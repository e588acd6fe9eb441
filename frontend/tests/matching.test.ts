import { describe, expect, it } from 'vitest'

import type { AnsweredRow } from '@/api/types'
import { filterWord, FILTERS, inputOf, pastedIn, rowsOf, size, stateWord, summary, timeLeft, totalOf, used, type Columns } from '@/text/matching'

const counts = { matched: 1200, ambiguous: 3, none: 0, error: 1 }
const columns: Columns = [
  { field: 'name', columns: ['供应商'] },
  { field: 'region', columns: ['省', '市'] },
]
const row = (input: Record<string, string>): AnsweredRow => ({ input }) as unknown as AnsweredRow

describe('what became of a list', () => {
  it('states without a row are left out', () => {
    expect(summary(counts)).toBe('已匹配 1,200，待确认 3，无法使用 1')
    expect(totalOf(counts)).toBe(1204)
  })

  it('rows of each filter are counted by it', () => {
    const tally = { counts, doubts: { near: 2, several: 1, differs: 0 }, confirmed: 4, refused: 1, open: 2 }
    expect(rowsOf(tally, undefined)).toBe(1204)
    expect(FILTERS.map((filter) => rowsOf(tally, filter))).toEqual([1200, 2, 1, 0, 0, 1, 2, 5, 3])
    expect(new Set(FILTERS.map(filterWord)).size).toBe(FILTERS.length)
  })

  it('an ambiguous row is called by what makes it so', () => {
    expect(stateWord({ state: 'ambiguous', doubt: 'near' })).toBe('名称相近')
    expect(stateWord({ state: 'none', doubt: null })).toBe('未找到')
  })

  it('columns are told by what they were used for', () => {
    expect(used(columns)).toBe('名称取自“供应商”栏；地区取自“省”、“市”栏')
  })
})

describe('the time that is left', () => {
  it.each([
    [0, 5000, 100, ''],
    [10, 500, 100, ''],
    [100, 2000, 400, '约还要 8 秒'],
    [100, 2000, 1700, '约还要 35 秒'],
    [100, 2000, 9000, '约还要 3 分钟'],
    [100, 2000, 0, ''],
  ])('%d done in %d ms, %d to do', (done, took, rest, said) => {
    expect(timeLeft(done, took, rest)).toBe(said)
  })
})

describe('a row of a list', () => {
  it('is about its first cell that was used', () => {
    expect(inputOf(row({ 序号: '1', 供应商: '示例公司', 省: '福建', 市: '' }), columns)).toEqual({
      title: '示例公司',
      rest: [['省', '福建'], ['市', ''], ['序号', '1']],
    })
  })

  it('is about the next one if the first is empty', () => {
    expect(inputOf(row({ 供应商: '', 省: '福建' }), columns).title).toBe('福建')
  })

  it('shows all that it has if nothing of it is of use', () => {
    const shown = inputOf(row({ 序号: '1', 供应商: '' }), columns)
    expect(shown).toEqual({ title: '（没有名称）', rest: [['序号', '1'], ['供应商', '']] })
  })
})

describe('pasted text', () => {
  it.each([
    ['示例公司', ['示例公司', '', '']],
    ['91350203155103485D', ['', '91350203155103485D', '']],
    ['示例公司\t９１３５０２０３１５５１０３４８５Ｄ\t厦门', ['示例公司', '９１３５０２０３１５５１０３４８５Ｄ', '厦门']],
    ['350203100012345\t示例公司', ['示例公司', '350203100012345', '']],
    ['示例公司\t\t厦门\t思明', ['示例公司', '', '厦门；思明']],
  ])('%s', (line, [name, code, rest]) => {
    expect(pastedIn(line)).toEqual([{ name, uscc: code, rest }])
  })

  it('has a row for each line that is not blank, whatever ends it', () => {
    expect(pastedIn('甲公司\r\n\n乙公司\r丙公司\n  ').map((one) => one.name)).toEqual(['甲公司', '乙公司', '丙公司'])
  })
})

it.each([
  [1, '0.1 KB'],
  [1536, '1.5 KB'],
  [5 << 20, '5 MB'],
])('%d bytes are %s', (bytes, text) => expect(size(bytes)).toBe(text))
