/**
 * Receipts 查询回执 checked in the browser, by its own cryptography and without asking anybody. `xincha/receipts` makes them, and
 * `xincha verify` checks the same.
 */
import canonicalize from 'canonicalize'

import messages from '@/catalogues/zh/verify.json'

import { addMessages, t } from './language'
import { isLogged, type Logged, type PublicKey } from './signedLog'

addMessages(messages)

const FORMAT = 'xincha-receipt/1'
/** Crockford's base 32: no letter looks like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_BITS = 80
const PATTERN = /^[0-9A-HJKMNP-TV-Z]{16}$/

export interface Receipt {
  receipt: typeof FORMAT
  question: Readonly<Record<string, unknown>>
  answer: unknown
  form: string
  sha256: string
  day: string
  code: string
  service: string | null
  data: { entities: string; records: string }
  log?: Logged | null
}

export type State = 'holds' | 'fails' | 'unknown'

/** One thing that was checked; `unknown`: the receipt has nothing to check it by. */
export interface Finding {
  name: 'answer' | 'file' | 'code' | 'signature'
  state: State
}

/** Browsers compute digests only for pages that came over https, or from the machine itself. */
export const canCompute = (): boolean => 'subtle' in globalThis.crypto

const bytesOf = (text: string) => new TextEncoder().encode(text)

const digest = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))

const hex = (bytes: Uint8Array): string => [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('')

/** SHA-256 of the canonical form (RFC 8785), in hexadecimal. */
export const digestOf = async (value: unknown): Promise<string> => hex(await digest(bytesOf(canonicalize(value) ?? '')))

/** SHA-256 of a file. */
export const digestOfFile = async (file: Blob): Promise<string> => hex(await digest(new Uint8Array(await file.arrayBuffer())))

export async function codeOf({ question, sha256, day }: Pick<Receipt, 'question' | 'sha256' | 'day'>): Promise<string> {
  const bytes = await digest(bytesOf(canonicalize({ question, sha256, day }) ?? ''))
  const bits = [...bytes.slice(0, CODE_BITS / 8)].map((each) => each.toString(2).padStart(8, '0')).join('')
  const signs = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[parseInt(five, 2)] ?? '').join('')
  return (signs.match(/.{4}/g) ?? []).join('-')
}

/** A code as it is compared: what is misread for a digit is one. */
export const readCode = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')

export const isCode = (code: string): boolean => PATTERN.test(readCode(code))

/** The receipt that a text is; nothing where it is none. */
export function receiptOf(text: string): Receipt | undefined {
  try {
    const given = JSON.parse(text) as Partial<Record<keyof Receipt, unknown>> | null
    if (given?.receipt !== FORMAT || typeof given.question !== 'object' || given.question === null) return undefined
    const data = (given.data ?? {}) as Record<string, unknown>
    const log = (given.log ?? { entry: '', proof: '' }) as Record<string, unknown>
    const texts = [given.form, given.sha256, given.day, given.code, data.entities, data.records, log.entry, log.proof]
    return texts.every((each) => typeof each === 'string') ? (given as unknown as Receipt) : undefined
  } catch {
    return undefined
  }
}

/** All that can be said of a receipt. `file`: the file that it is about; `key`: whose signature is believed. */
export async function findings(receipt: Receipt, file?: Blob, key?: PublicKey): Promise<Finding[]> {
  const state = (same: boolean): State => (same ? 'holds' : 'fails')
  const content: Finding =
    receipt.form === 'bytes'
      ? { name: 'file', state: file ? state((await digestOfFile(file)) === receipt.sha256) : 'unknown' }
      : { name: 'answer', state: receipt.answer == null ? 'unknown' : state((await digestOf(receipt.answer)) === receipt.sha256) }
  const code = readCode(await codeOf(receipt)) === readCode(receipt.code)
  const { entities, records } = receipt.data
  const signature = receipt.log && key ? state(await isLogged(receipt.log, { entities, records }, key)) : 'unknown'
  return [content, { name: 'code', state: state(code) }, { name: 'signature', state: signature }]
}

/** A finding in words. */
export const wordsOf = ({ name, state }: Finding, { code, log }: Receipt): string => {
  if (name === 'answer') return t(`verify.answer.${state}`)
  if (name === 'file') return t(`verify.ofFile.${state}`)
  if (name === 'signature') return t(state === 'unknown' ? (log ? 'verify.signature.logged' : 'verify.signature.unknown') : `verify.signature.${state}`)
  return state === 'holds' ? t('verify.code.holds', { code }) : t('verify.code.fails')
}

export interface Thing {
  place: 'entities' | 'records'
  id: string
}

/** What a page is about, of its address; an identifier alone is taken for that of a company. */
export function thingOf(address: string): Thing | undefined {
  const record = /\/record\/([^/?#]+)/.exec(address)?.[1]
  if (record) return { place: 'records', id: decodeURIComponent(record) }
  const entity = /\/entity\/([^/?#]+)/.exec(address)?.[1] ?? /^\s*([^\s/]+)\s*$/.exec(address)?.[1]
  return entity ? { place: 'entities', id: decodeURIComponent(entity) } : undefined
}
