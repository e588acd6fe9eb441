/** What went wrong with a request, as far as the person who waits for it can do something about it. */

import type { components } from './schema'

type Schemas = components['schemas']
export type ProblemKind = 'unreachable' | 'not-ready' | 'busy' | 'not-found' | 'too-large' | 'bad-request' | 'failed'

export class Problem extends Error {
  readonly kind: ProblemKind

  constructor(kind: ProblemKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const kindOf = (status: number, type: string): ProblemKind => {
  if (status === 404) return 'not-found'
  if (status === 413) return 'too-large'
  if (type === 'urn:xincha:problem:busy') return 'busy'
  if (status === 503) return 'not-ready'
  return status >= 400 && status < 500 ? 'bad-request' : 'failed'
}

const member = (body: unknown, name: 'detail' | 'type'): string => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : ''
  return typeof value === 'string' ? value : ''
}

/** The problem that an answer other than 2xx tells of (application/problem+json, or anything else from a proxy). */
export const fromAnswer = (status: number, body: unknown): Problem => {
  const { parameters } = (body ?? {}) as Partial<Schemas['Problem']>
  const allowed = status === 413 && parameters?.[0] ? ` (${parameters[0].allowed})` : ''
  return new Problem(kindOf(status, member(body, 'type')), member(body, 'detail') + allowed)
}

/** The problem behind an exception of `fetch`, or of reading its answer. */
export const fromError = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('unreachable', '', { cause: error })

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError'
