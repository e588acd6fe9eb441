/** What is wrong with a request, in words: which part of it, and the way out. */
import type { Problem, ProblemKind } from '@/api/problem'

import { filterName } from './labels'
import { named, t } from './language'

/** Where asking the same once more may help. */
export const HELPED: readonly ProblemKind[] = ['unreachable', 'not-ready', 'busy', 'failed']

/** What people call a parameter of the API. */
export const partName = (name: string): string => {
  const part = name.replace(/_(from|to)$/, '')
  return filterName(part) ?? named('part', part) ?? t('part.unknown', { name })
}

/** The parts that are wrong, each once. */
export const wrongParts = (problem: Problem): string => [...new Set(problem.wrong.map(partName))].join(t('common.list'))

export function sentence(problem: Problem): string {
  const parts = wrongParts(problem)
  const text = t(`problem.${problem.kind}.text`)
  if (problem.kind === 'bad-request' && parts) return t('problem.bad-request.parts', { parts })
  if (problem.kind === 'too-large' && problem.most) return text + t('problem.too-large.most', { most: problem.most.replace(' MiB', ' MB') })
  return text
}
