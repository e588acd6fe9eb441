import { describe, expect, it } from 'vitest'

import { amount, capital, count, date, day, grouped, groupedParts, yuan } from '@/text/format'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1234567, '1,234,567'],
    [0.126, '0.13'],
  ])('%d is written %s', (value, text) => expect(count(value)).toBe(text))

  it.each([
    [9999, '9,999 元'],
    [10_000, '1 万元'],
    [12_345_678, '1,234.57 万元'],
    [100_000_000, '1 亿元'],
  ])('amount %d is spoken of as %s', (value, text) => expect(amount(value)).toBe(text))

  it('yuan are written in full, and nothing where nothing is published', () => {
    expect(yuan(50_000)).toBe('50,000 元')
    expect(yuan(0)).toBe('0 元')
    expect(yuan(null)).toBe('')
    expect(yuan(undefined)).toBe('')
  })
})

describe('capital', () => {
  const nothing = { capital_cny: null, capital_amount: null, capital_currency: null, capital_text: null }

  it.each([
    [{ capital_cny: 1_000_000 }, '100 万元'],
    [{ capital_amount: 500_000, capital_currency: 'USD' }, '50 万美元'],
    [{ capital_amount: 500_000, capital_currency: 'CNY', capital_text: '50万' }, '50万'],
    [{ capital_text: '叁拾万' }, '叁拾万'],
    [{}, ''],
  ])('%o is %s', (facts, text) => expect(capital({ ...nothing, ...facts })).toBe(text))
})

describe('days', () => {
  it('the last day of the calendar is no end', () => {
    expect(date('9999-12-31')).toBe('长期')
    expect(date('2024-02-29')).toBe('2024-02-29')
    expect(date(null)).toBe('')
  })

  it('a point in time is the day that it is in China', () => {
    expect(day('2024-12-31T15:59:59Z')).toBe('2024-12-31')
    expect(day('2024-12-31T16:00:00Z')).toBe('2025-01-01')
    expect(day(null)).toBe('')
  })
})

it('a code stands in groups of four', () => {
  expect(grouped('91350203155103485D')).toBe('9135 0203 1551 0348 5D')
  expect(grouped('')).toBe('')
})

it('a code of which a part was found stands in the same groups, and no mark begins with a space', () => {
  const parts = [
    { text: '91350203', mark: false },
    { text: 'YYY000310', mark: true },
    { text: 'G', mark: false },
  ]
  const shown = groupedParts(parts)
  expect(shown.map((part) => part.text).join('')).toBe(grouped('91350203YYY000310G'))
  expect(shown.filter((part) => part.mark)).toEqual([{ text: 'YYY0 0031 0', mark: true }])
})
