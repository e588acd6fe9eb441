/** Values as people read them: dates, money, regions, in the language of the page. Empty text where nothing is published. */
import { computed } from 'vue'

import type { Part } from '@/api/types'

import { language, t, tag } from './language'

const NO_END = '9999-12-31'
const number = computed(() => new Intl.NumberFormat(tag(), { maximumFractionDigits: 2 }))
const scaled = computed(
  () => new Intl.NumberFormat(tag(), { maximumFractionDigits: 2, notation: 'compact', compactDisplay: 'long', useGrouping: 'always' }),
)
const currencies = computed(() => new Intl.DisplayNames([tag()], { type: 'currency' }))

export const count = (value: number): string => number.value.format(value)

export const date = (value: string | null | undefined): string => (value === NO_END ? t('value.noEnd') : (value ?? ''))

/** en-CA writes a day as YYYY-MM-DD. */
const china = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })

/** The calendar day of a point in time in China, by which the law counts, wherever the reader is. */
export const day = (time: string | null | undefined): string => (time ? china.format(new Date(time)) : '')

/** A point in time by the reader's clock: day and minute. */
export const moment = (time: string): string =>
  new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time))

/** From here on amounts are spoken of in 万 and 亿, or in millions. */
const SPOKEN = { zh: 1e4, en: 1e6 } as const

const unitOf = (currency: string): string =>
  currency === 'CNY' ? t('value.yuan') : language.value === 'en' ? currency : (currencies.value.of(currency) ?? currency)

/** An amount as registrations are spoken of: 1,234.57 万元, CNY 12.35 million. */
export const amount = (value: number, currency = 'CNY'): string => {
  const parts = (value >= SPOKEN[language.value] ? scaled : number).value.formatToParts(value)
  const scale = parts.find((part) => part.type === 'compact')?.value ?? ''
  const digits = parts.flatMap((part) => (part.type === 'compact' || part.type === 'literal' ? [] : [part.value])).join('')
  return t('value.amount', { number: digits, scale, unit: unitOf(currency) }).trim()
}

export const yuan = (value: number | null | undefined): string =>
  value == null ? '' : t('value.amount', { number: count(value), scale: '', unit: unitOf('CNY') }).trim()

interface Capital {
  capital_cny: number | null
  capital_amount: number | null
  capital_currency: string | null
  capital_text: string | null
}

export const capital = (of: Capital): string => {
  if (of.capital_cny != null) return amount(of.capital_cny)
  if (of.capital_amount != null && of.capital_currency && of.capital_currency !== 'CNY') return amount(of.capital_amount, of.capital_currency)
  return of.capital_text ?? ''
}

/** A code in groups of four, easier to compare by eye. */
export const grouped = (code: string): string => code.match(/.{1,4}/g)?.join(' ') ?? code

/** The same of a code of which parts are marked; no mark begins with a space. */
export const groupedParts = (parts: readonly Part[]): Part[] => {
  let at = 0
  return parts.flatMap(({ text, mark }) => {
    const begins = at > 0 && at % 4 === 0
    const spaced = [...text].map((sign, place) => (at++ % 4 === 0 && place > 0 ? ` ${sign}` : sign)).join('')
    return [...(begins && text ? [{ text: ' ', mark: false }] : []), { text: spaced, mark }]
  })
}
