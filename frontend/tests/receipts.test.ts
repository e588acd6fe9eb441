/** The browser finds of a receipt what `xincha verify` finds of it: both check the same example. */
import { describe, expect, it } from 'vitest'

import example from '../../tests/receipts/example.json'
import logged from '../../tests/receipts/signed.json'
import { keyOf } from '@/text/signedLog'
import { codeOf, digestOf, findings, isCode, readCode, receiptOf, thingOf, type Receipt } from '@/text/receipts'

const receipt = receiptOf(JSON.stringify(example)) as Receipt
const states = async (changed: Partial<Receipt>, file?: Blob) =>
  Object.fromEntries((await findings({ ...receipt, ...changed }, file)).map(({ name, state }) => [name, state]))

describe('a receipt', () => {
  it('is whole', async () => {
    expect(await digestOf(receipt.answer)).toBe(example.sha256)
    expect(await codeOf(receipt)).toBe(example.code)
    expect(await states({})).toEqual({ answer: 'holds', code: 'holds', signature: 'unknown' })
  })

  it.each([
    ['an answer', { answer: { ...example.answer, total: 0 } }, { answer: 'fails', code: 'holds' }],
    ['a digest', { sha256: '0'.repeat(64) }, { answer: 'fails', code: 'fails' }],
    ['a day', { day: '2026-11-26' }, { answer: 'holds', code: 'fails' }],
    ['a question', { question: { of: 'entity', entity_id: 'N-2' } }, { answer: 'holds', code: 'fails' }],
    ['an answer that is left out', { answer: null }, { answer: 'unknown', code: 'holds' }],
  ])('with %s of another kind is seen', async (_, changed, seen) => {
    expect(await states(changed as Partial<Receipt>)).toMatchObject(seen)
  })

  it('of a file is compared with that file', async () => {
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' // of abc (FIPS 180-2)
    expect(await states({ form: 'bytes', sha256 }, new Blob(['abc']))).toMatchObject({ file: 'holds' })
    expect(await states({ form: 'bytes', sha256 }, new Blob(['abd']))).toMatchObject({ file: 'fails' })
    expect(await states({ form: 'bytes', sha256 })).toMatchObject({ file: 'unknown' })
  })

  it.each(['', 'no JSON', '{}', 'null', '[1]', '{"receipt": "xincha-receipt/2"}', JSON.stringify({ ...example, code: 1 })])('is not %s', (text) => {
    expect(receiptOf(text)).toBeUndefined()
  })
})

const KEY = 'register.example.org+b5658812+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'

describe('the signed log of a receipt', () => {
  const signature = async (changed: object, line = KEY) => {
    const key = await keyOf(line)
    return (await findings({ ...(logged as unknown as Receipt), ...changed }, undefined, key)).at(-1)?.state
  }

  it('has its data', async () => {
    expect(await signature({})).toBe('holds')
    expect(await signature({}, '')).toBe('unknown')
  })

  it.each([
    ['other data', { data: { ...logged.data, records: 'r-2' } }],
    ['another line', { log: { ...logged.log, entry: logged.log.entry.replace('b1', 'b9') } }],
    ['another place', { log: { ...logged.log, proof: logged.log.proof.replace('index 1', 'index 2') } }],
    ['another path', { log: { ...logged.log, proof: logged.log.proof.replace('l4jh', 'l4jg') } }],
    ['another size', { log: { ...logged.log, proof: logged.log.proof.replace('\n5\n', '\n6\n') } }],
    ['another signature', { log: { ...logged.log, proof: logged.log.proof.replace('HWQLg', 'HWQLh') } }],
    ['no proof', { log: { ...logged.log, proof: '' } }],
  ])('is not that of %s', async (_, changed) => {
    expect(await signature(changed)).toBe('fails')
  })

  it.each(['', 'register.example.org', `${KEY}AAAA`, KEY.replace('b5658812', 'b5658813'), KEY.replace('AQOh', 'AQOi')])('has no key %s', async (line) => {
    expect(await keyOf(line)).toBeUndefined()
  })
})

describe('a code on paper', () => {
  it('is read as people misread it', () => {
    expect(readCode(' o1il-0000 7q2m9k3d ')).toBe('011100007Q2M9K3D')
    expect([isCode(example.code), isCode(example.code.toLowerCase()), isCode(example.code.slice(1)), isCode(`${example.code.slice(1)}U`)]).toEqual([true, true, false, false])
  })

  it.each([
    ['https://xincha.example/entity/91350200MA0000000X?as_of=2026-01-01', { place: 'entities', id: '91350200MA0000000X' }],
    ['/record/P-1#a', { place: 'records', id: 'P-1' }],
    [' N-12 ', { place: 'entities', id: 'N-12' }],
    ['', undefined],
    ['https://xincha.example/', undefined],
  ])('of %s is about that', (address, thing) => {
    expect(thingOf(address)).toEqual(thing)
  })
})
