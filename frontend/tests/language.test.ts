import { afterEach, describe, expect, it, vi } from 'vitest'

import { amount, capital, count, date, yuan } from '@/text/format'
import { chooseLanguage, preferred, t } from '@/text/language'
import { kindOf, words } from '@/text/words'
import type { KindWords } from '@/api/types'

describe('the language', () => {
  it.each([
    [null, ['zh-CN', 'en'], 'zh'],
    [null, ['en-GB', 'zh-CN'], 'en'],
    [null, ['de-DE', 'de', 'en-US', 'zh'], 'en'],
    [null, ['zh-Hant-TW'], 'zh'],
    [null, ['de'], 'zh'],
    [null, [], 'zh'],
    ['en', ['zh-CN'], 'en'],
    ['zh', ['en'], 'zh'],
    ['fr', ['en'], 'en'],
  ] as const)('of a choice %s and a browser of %s is %s', (chosen, languages, wanted) => {
    expect(preferred(chosen, languages)).toBe(wanted)
  })
})

describe('in English', () => {
  afterEach(async () => {
    await chooseLanguage('zh')
    vi.unstubAllGlobals()
  })
  const english = () => {
    vi.stubGlobal('document', { documentElement: { lang: '' } })
    vi.stubGlobal('window', { localStorage: { setItem: () => undefined } })
    return chooseLanguage('en')
  }

  it('numbers are written as Chinese ones are, and plurals as English has them', async () => {
    await english()
    expect(count(1234567.126)).toBe('1,234,567.13')
    expect(t('listing.entities', { n: 1 })).toBe('1 business')
    expect(t('listing.entities', { n: 3082 })).toBe('3,082 businesses')
    expect(date('9999-12-31')).toBe('no fixed end')
  })

  it('amounts are spoken of in millions', async () => {
    await english()
    expect(yuan(25_000)).toBe('CNY 25,000')
    expect(amount(500_000)).toBe('CNY 500,000')
    expect(amount(12_345_678)).toBe('CNY 12.35 million')
    expect(capital({ capital_cny: null, capital_amount: 2e9, capital_currency: 'USD', capital_text: null })).toBe('USD 2 billion')
  })

  it('what the API names has its English name', async () => {
    const own = { name: 'abnormal', title: '经营异常', english: 'Abnormal operations list', facts: [], states: [], reworded: {}, reworded_english: {} }
    words.value = { facts: [], kinds: [own as unknown as KindWords], repaired: 'hide', topics: [], filters: [], values: {} }
    expect(kindOf('abnormal').title).toBe('经营异常')
    await english()
    expect(kindOf('abnormal').title).toBe('Abnormal operations list')
  })
})
