import { beforeAll, describe, expect, it } from 'vitest'

import type { Countable, Figures } from '@/api/figures'
import { monthsBack } from '@/text/charts'
import { ceiling, pageOf, periods, tableOf, written, type Line } from '@/text/figures'
import { OF_RECORDS, chips } from '@/text/filters'

import { nameFilters } from './named'

beforeAll(() =>
  nameFilters({
    ended: '移出或期满日期',
    lasted: '历时',
    loaded: '装载日期',
    published: '开始公示日期',
    article: '依据条文',
    violation: '违法行为类型',
    address: '住所',
    link: '对应情况',
  }),
)

const COUNT = { value: 'count', title: '条数', english: '', unit: 'count', adds: true, listed: true, narrowed: {} } as const
const PENALTY: Countable = {
  of: 'penalty',
  title: '行政处罚',
  english: 'Administrative penalties',
  by: [{ value: 'month', title: '月', english: 'Month' }],
  measure: [COUNT, { value: 'fine_sum', title: '罚款', english: '', unit: 'yuan', adds: true, listed: true, narrowed: {} }],
  on: [],
}
const figures = (rows: Figures['rows']): Figures =>
  ({ rows, total: 1, totals: {}, suppressed: 0, query: '/api/v1/records?kind=penalty', day: '2026-01-01', notes: [], coverage: [] }) as Figures
const row = (month: string | null, count: number | null, more = {}) => ({
  month, count, partial: false, suppressed: false, query: `/api/v1/records?kind=penalty&m=${month}`, ...more,
})
const line = (label: string): Line => ({ key: label, labels: [label], partial: false, cells: [] })

describe('a table', () => {
  const question = { of: ['penalty'], by: ['month'] }

  it('has a cell for each measure, with the page behind it', () => {
    const { lines, columns, isTime } = tableOf([{ question: { ...question, measure: ['count,fine_sum'] }, figures: figures([row('2026-01', 2, { fine_sum: 500 })]) }], [PENALTY])
    expect(columns.map((column) => column.title)).toEqual(['条数', '罚款'])
    expect(lines[0]?.cells.map((cell) => cell.text)).toEqual(['2', '500'])
    expect(lines[0]?.cells[0]?.page).toBe('/records?kind=penalty&m=2026-01')
    expect(isTime).toBe(true)
  })

  it('leads from a part of what was counted to that part of the list, and to none where the list is of other parts', () => {
    const found = { value: 'found', title: '发现问题', english: '', unit: 'count', adds: true, listed: true, narrowed: { state: 'found' } } as const
    const of = [{ ...PENALTY, measure: [found] }]
    const asked = { question: { ...question, measure: ['found'] } }
    const page = (query: string) =>
      tableOf([{ ...asked, figures: figures([row('2026-01', 1, { found: 1, query })]) }], of).lines[0]?.cells[0]?.page
    expect(page('/api/v1/records?kind=spot_check')).toBe('/records?kind=spot_check&state=found')
    expect(page('/api/v1/records?kind=spot_check&state=clear')).toBe('')
  })

  it('of two questions has no zero where one has no row', () => {
    const both = [
      { question, title: '列入', figures: figures([row('2026-02', 1)]) },
      { question, title: '移出', figures: figures([row('2026-01', 3)]) },
    ]
    const { lines, columns } = tableOf(both, [PENALTY])
    expect(columns.map((column) => column.title)).toEqual(['列入', '移出'])
    expect(lines.map((each) => [each.labels[0], ...each.cells.map((cell) => cell.text)])).toEqual([
      ['2026-01', '—', '3'],
      ['2026-02', '1', '—'],
    ])
  })

  it('says of what is hidden that it is few, and of what is not stated that it is not known', () => {
    const { lines } = tableOf([{ question, figures: figures([row(null, null, { suppressed: true, query: null })]) }], [PENALTY])
    expect(lines[0]).toMatchObject({ labels: ['不详'], cells: [{ text: '<3', page: '' }] })
  })
})

it.each([
  [['2024', '2026'], ['2024', '2025', '2026']],
  [['2025-Q4', '2026-Q2'], ['2025-Q4', '2026-Q1', '2026-Q2']],
  [['2025-11', '2026-02', '不详'], ['2025-11', '2025-12', '2026-01', '2026-02']],
  [['不详'], []],
])('periods of %o are %o', (given, wanted) => {
  expect(periods(given.map(line)).map((period) => period.label)).toEqual(wanted)
})

it('an axis ends at a round number', () => {
  expect([0, 1, 7, 23, 260, 9_999].map(ceiling)).toEqual([1, 1, 10, 25, 500, 10_000])
})

it('numbers are written by their unit', () => {
  expect([written(0.3333, 'share'), written(25_000, 'yuan'), written(null, 'count')]).toEqual(['33.3%', '25,000', '—'])
})

it('the page behind a list of entities is the search', () => {
  expect(pageOf('/api/v1/entities?region=350203')).toBe('/search?region=350203')
})

it.each([['2026-11-27', '2024-12-01'], ['2026-01-31', '2024-02-01'], ['2026-12-01', '2025-01-01']])('two years up to %s begin on %s', (day, first) => {
  expect(monthsBack(day)).toBe(first)
})

it.each([
  [{ ended_from: ['2026-01-01'] }, '移出或期满日期：2026-01-01 起'],
  [{ lasted_to: ['30'] }, '历时：至 30 天'],
  [{ loaded_from: ['2026-11-01'] }, '装载日期：2026-11-01 起'],
  [{ published_to: ['2026-11-01'] }, '开始公示日期：至 2026-11-01'],
  [{ article: ['食品安全法|124'] }, '依据条文：食品安全法第124条'],
  [{ article: ['刑法|24-1'] }, '依据条文：刑法第24条之1'],
  [{ violation: ['虚假宣传'] }, '违法行为类型：虚假宣传'],
  [{ address: ['示例路1号'] }, '住所：示例路1号'],
  [{ link: ['ambiguous'] }, '对应情况：同名企业不止一家，没有对应到其中任何一家'],
])('a filter of an address %o is a chip: %s', (chosen, text) => {
  expect(chips(OF_RECORDS, chosen, {}).map((chip) => `${chip.name}：${chip.value}`)).toEqual([text])
})
