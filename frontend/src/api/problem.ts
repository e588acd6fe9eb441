/** What went wrong with a request, as far as the person who waits for it can do something about it. */

import type { components } from './schema'

type Schemas = components['schemas']
export type ProblemKind = 'unreachable' | 'not-ready' | 'busy' | 'not-found' | 'too-large' | 'bad-request' | 'failed'

/**
 * `wrong`: the parts of the request that cannot be used, by the API's names; `most`: how much at once is taken, as a
 * number and its unit. What a server says of it in English is for programs: `message` is in Chinese, and ours.
 */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly wrong: readonly string[]
  readonly most: string

  constructor(kind: ProblemKind, options?: ErrorOptions & { message?: string; wrong?: readonly string[]; most?: string }) {
    super(options?.message, options)
    this.kind = kind
    this.wrong = options?.wrong ?? []
    this.most = options?.most ?? ''
  }
}

const kindOf = (status: number, type: string): ProblemKind => {
  if (status === 404) return 'not-found'
  if (status === 413) return 'too-large'
  if (status === 429 || ['urn:xincha:problem:busy', 'urn:xincha:problem:out-of-time'].includes(type)) return 'busy'
  if (status === 502 || status === 504) return 'unreachable'
  if (status === 503) return type && type !== 'urn:xincha:problem:not-ready' ? 'busy' : 'not-ready'
  return status >= 400 && status < 500 ? 'bad-request' : 'failed'
}

/** The problem that an answer other than 2xx tells of (application/problem+json, or anything else from a proxy). */
const IDENTIFIERS = ['entity_id', 'record_id', 'file_id', 'watch_id']

export const fromAnswer = (status: number, body: unknown): Problem => {
  const { type, parameters } = (typeof body === 'object' && body !== null ? body : {}) as Partial<Schemas['Problem']>
  const most = /[\d,]+(?: MiB)?/.exec(parameters?.[0]?.allowed ?? '')?.[0] ?? ''
  // An identifier that cannot be one is nobody's.
  const nobody = status === 400 && parameters?.some((each) => IDENTIFIERS.includes(each.name))
  return new Problem(nobody ? 'not-found' : kindOf(status, type ?? ''), { wrong: parameters?.map((each) => each.name) ?? [], most })
}

/** The problem behind an exception of `fetch`, or of reading its answer. */
export const fromError = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('unreachable', { cause: error })

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError'
