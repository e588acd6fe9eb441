import { beforeAll, describe, expect, it } from 'vitest'

import { chips, isRange, parameters } from '@/text/filters'

import { nameFilters } from './named'

beforeAll(() => nameFilters({ region: '地区', capital: '注册资本' }))

const facets = { region: [{ value: '350203', name: '思明区', count: 3 }] }

describe('chips', () => {
  it('each value has one, with its name, and takes only itself away', () => {
    expect(chips(['region'], { region: ['350203', '350205'] }, facets)).toEqual([
      { name: '地区', value: '思明区', without: { region: ['350205'] } },
      { name: '地区', value: '350205', without: { region: ['350203'] } },
    ])
  })

  it.each([
    [{ capital_from: ['1000000'], capital_to: ['5000000'] }, '100 万元 至 500 万元'],
    [{ capital_from: ['1000000'] }, '100 万元 起'],
    [{ capital_to: ['5000000'] }, '至 500 万元'],
  ])('a range %o has one for both ends', (chosen, text) => {
    expect(chips(['capital'], chosen, {})).toEqual([
      { name: '注册资本', value: text, without: { capital_from: [], capital_to: [] } },
    ])
  })

  it('days are shown as they are', () => {
    const [chip] = chips(['established'], { established_from: ['2020-01-01'] }, {})
    expect(chip?.value).toBe('2020-01-01 起')
  })

  it('what is not chosen has none', () => {
    expect(chips(['region', 'capital', 'status'], {}, facets)).toEqual([])
  })
})

it('a range has two parameters, any other filter one', () => {
  expect(parameters(['status', 'fine'])).toEqual(['status', 'fine_from', 'fine_to'])
  expect(isRange('fine')).toBe(true)
  expect(isRange('status')).toBe(false)
})
