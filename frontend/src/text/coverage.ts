/** What is loaded, in words: of which kinds, how much, and of which days. Nothing is said to be absent of other kinds. */
import { shallowRef } from 'vue'

import type { KindCoverage } from '@/api/types'

import { t } from './language'
import { kindOf } from './words'

type Covered = readonly KindCoverage[]

/** What was loaded when the words were asked; answers about one company bring their own. */
export const known = shallowRef<Covered>([])

const REGISTRATION = 'registration'
/** So many are told of each kind. */
const MOST_OFFICES = 20

export const titleOf = (kind: string): string => (kind === REGISTRATION ? t('coverage.registration') : kindOf(kind).title || kind)

export const registration = (coverage: Covered): KindCoverage | undefined =>
  coverage.find((each) => each.kind === REGISTRATION)

/** The kinds of record, without the registration; of these only, if some are named. */
export const recordKinds = (coverage: Covered, of: readonly string[] = []): KindCoverage[] =>
  coverage.filter((each) => each.kind !== REGISTRATION && (of.length === 0 || of.includes(each.kind)))

export const titles = (coverage: Covered): string => coverage.map((each) => titleOf(each.kind)).join(t('common.list'))

export const loaded = (coverage: Covered): KindCoverage[] => coverage.filter((each) => each.loaded)
export const unloaded = (coverage: Covered): KindCoverage[] => coverage.filter((each) => !each.loaded)

export const size = (of: KindCoverage): string => t(of.kind === REGISTRATION ? 'coverage.entities' : 'coverage.records', { n: of.records })

/** The days that it tells of; a register begins with its oldest company, which says nothing. */
export const span = (of: Pick<KindCoverage, 'content_from' | 'content_until'> & { kind?: string }): string => {
  if (!of.content_until) return ''
  if (of.kind === REGISTRATION) return t('coverage.asOf', { day: of.content_until })
  return of.content_from === of.content_until ? of.content_until : t('common.range', { from: of.content_from ?? '', to: of.content_until })
}

/** Who published it: the one with the most records by name. */
export const offices = (of: KindCoverage): string => {
  const [first] = of.authorities
  if (!first) return ''
  const many = of.authorities.length
  return many === 1 ? first.name : t(many < MOST_OFFICES ? 'coverage.offices' : 'coverage.officesMany', { name: first.name, n: many })
}

/** «数据截至 2026-11-20（登记信息 2026-10-31，行政处罚 2026-11-20）»: the days by kind, where they differ. */
export const until = (coverage: Covered, asOf: string | null): string => {
  if (!asOf) return ''
  const dated = loaded(coverage).filter((each) => each.content_until)
  const each = dated.map((kind) => t('coverage.each', { kind: titleOf(kind.kind), day: kind.content_until ?? '' })).join(t('common.clauses'))
  const same = dated.every((kind) => kind.content_until === asOf)
  return same ? t('coverage.until', { day: asOf }) : t('coverage.untilEach', { day: asOf, each })
}

/** «未装载：抽查检查、行政许可。查不到，不说明没有。» */
export const notLoaded = (coverage: Covered): string => {
  const missing = unloaded(coverage)
  return missing.length > 0 ? t('coverage.notLoaded', { kinds: titles(missing) }) : ''
}

/** What a timeline without records comes to: said of loaded kinds alone, each by name. */
export const noRecords = (coverage: Covered): string => {
  const those = loaded(recordKinds(coverage)).filter((each) => kindOf(each.kind).party)
  return those.length > 0 ? t('coverage.noRecords', { kinds: titles(those) }) : ''
}
