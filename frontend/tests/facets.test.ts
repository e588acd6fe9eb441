import { expect, it } from 'vitest'

import type { Bucket } from '@/api/types'
import { arranged, steady } from '@/text/facets'

const bucket = (value: string, count: number, name = value): Bucket => ({ value, name, count })
const values = (buckets: Bucket[] | undefined) => buckets?.map((one) => one.value)

it('a place of which everything is part of is no choice beside the finer ones', () => {
  const region = [bucket('350000', 10), bucket('350200', 10), bucket('350203', 7), bucket('350205', 3)]
  expect(values(arranged({ region }, 10).region)).toEqual(['350203', '350205'])
})

it('a place stays if it is the only one, or does not hold all hits', () => {
  expect(values(arranged({ region: [bucket('350203', 10)] }, 10).region)).toEqual(['350203'])
  const region = [bucket('350000', 8), bucket('350200', 8), bucket('110000', 2)]
  expect(values(arranged({ region }, 10).region)).toEqual(['350000', '350200', '110000'])
})

it('sections of industry come first, divisions with their code, finer ones not at all', () => {
  const industry = [bucket('51', 4, '批发业'), bucket('F', 6, '批发和零售业'), bucket('519', 3), bucket('5191', 3)]
  const shown = arranged({ industry }, 10).industry
  expect(shown?.map((one) => one.name)).toEqual(['批发和零售业', '批发业（51）'])
})

it('other facets are as they came', () => {
  const status = [bucket('存续', 9), bucket('注销', 1)]
  expect(arranged({ status }, 10)).toEqual({ status })
})

it('keeps its order and its values while a sheet is open, with the numbers of now', () => {
  const before = { status: [bucket('存续', 9), bucket('注销', 4)] }
  const now = { status: [bucket('注销', 4), bucket('迁出', 1)] }
  expect(steady(before, now).status?.map(({ value, count }) => [value, count])).toEqual([['存续', 0], ['注销', 4], ['迁出', 1]])
})
