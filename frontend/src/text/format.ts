/** Values as people read them: dates, money, regions, in Chinese. Empty text where nothing is published. */

const NO_END = '9999-12-31'
const number = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 })
const currencies = new Intl.DisplayNames(['zh-CN'], { type: 'currency' })

export const count = (value: number): string => number.format(value)

export const date = (value: string | null | undefined): string => (value === NO_END ? '长期' : (value ?? ''))

/** en-CA writes a day as YYYY-MM-DD. */
const china = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })

/** The calendar day of a point in time in China, by which the law counts, wherever the reader is. */
export const day = (time: string | null | undefined): string => (time ? china.format(new Date(time)) : '')

/** Amounts of 10,000 and more in 万 or 亿, as registrations are spoken of. */
export const amount = (value: number, unit: string): string => {
  if (value >= 1e8) return `${number.format(value / 1e8)} 亿${unit}`
  return value >= 1e4 ? `${number.format(value / 1e4)} 万${unit}` : `${number.format(value)} ${unit}`
}

export const yuan = (value: number | null | undefined): string => (value == null ? '' : `${number.format(value)} 元`)

interface Capital {
  capital_cny: number | null
  capital_amount: number | null
  capital_currency: string | null
  capital_text: string | null
}

export const capital = (of: Capital): string => {
  if (of.capital_cny != null) return amount(of.capital_cny, '元')
  if (of.capital_amount != null && of.capital_currency && of.capital_currency !== 'CNY')
    return amount(of.capital_amount, currencies.of(of.capital_currency) ?? of.capital_currency)
  return of.capital_text ?? ''
}

/** A code in groups of four, easier to compare by eye. */
export const grouped = (code: string): string => code.match(/.{1,4}/g)?.join(' ') ?? code
