/** What went wrong with a request, as far as the person who waits for it can do something about it. */

export type ProblemKind = 'unreachable' | 'not-ready' | 'not-found' | 'bad-request' | 'failed'

export class Problem extends Error {
  readonly kind: ProblemKind

  constructor(kind: ProblemKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const kindOf = (status: number): ProblemKind => {
  if (status === 404) return 'not-found'
  if (status === 503) return 'not-ready'
  return status >= 400 && status < 500 ? 'bad-request' : 'failed'
}

const detailOf = (body: unknown): string => {
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : ''
  return typeof detail === 'string' ? detail : ''
}

/** The problem that an answer other than 2xx tells of (application/problem+json, or anything else from a proxy). */
export const fromAnswer = (status: number, body: unknown): Problem => new Problem(kindOf(status), detailOf(body))

/** The problem behind an exception of `fetch`, or of reading its answer. */
export const fromError = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('unreachable', '', { cause: error })

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError'
