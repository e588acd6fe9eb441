/** How well penalties are published, by office: rows of months added up, and what each number means. */
import type { QualityRow } from '@/api/types'

/** Numbers that months add up to, as people call them, and what they mean; the first are always shown. */
export const MEASURES = [
  ['records', '处罚', '这个来源里这个机关作出的处罚决定；今天不能公示、不再公示的也计入，不点名。'],
  ['timely', '按期', '从决定到公示没有超过期限。'],
  ['late', '逾期', '超过期限才公示。'],
  ['unknown', '不明', '文件缺少判断所需的日期或所在地，说不出是否按期；原因写在下面。'],
  ['complete', '摘要齐全', '文号、当事人名称和代码、违法类型、内容、机关、日期七项都有（自然人没有代码，不要求）。'],
  ['out_of_town', '异地处罚', '当事人登记在外省：先推送，再由登记地公示。'],
  ['late_push', '推送逾期', '异地处罚中，决定后超过10个工作日才收到的。'],
  ['late_publish', '收到后逾期', '异地处罚中，收到后超过10个工作日才公示的。'],
  ['timely_7', '7个工作日内', '其他部门：按信用网站的做法另计，不是法定期限。'],
  ['late_7', '超过7个工作日', '同上。'],
  ['corrected', '更正', '后来的文件改了内容，或者写明更正日期。'],
  ['withdrawn', '撤销', '决定被撤销、变更或者撤回公示。'],
  ['gone', '不再公示', '来源的完整名单里已经没有的。'],
  ['held', '暂停展示', '应当事人要求等原因暂停展示的。'],
  ['unlinked', '未对应主体', '在装载的登记信息里没有对应到企业的（自然人不计）。'],
  ['amount_conflicts', '金额矛盾', '罚没金额互相矛盾或者单位不明的。'],
] as const
const ALWAYS = 5

export type Measure = (typeof MEASURES)[number][0]
export type Sums = Record<Measure, number>

/** One office in what one source delivered. */
export interface Office {
  source: string
  authority: string
  sums: Sums
  /** Reasons why it is not known whether they were in time, commonest first. */
  why: [string, number][]
  /** Newest first. */
  months: QualityRow[]
}

const summed = (rows: readonly QualityRow[]): Sums =>
  Object.fromEntries(MEASURES.map(([name]) => [name, rows.reduce((sum, row) => sum + (row[name] ?? 0), 0)])) as Sums

const reasons = (rows: readonly QualityRow[]): [string, number][] => {
  const found = new Map<string, number>()
  for (const row of rows)
    for (const [why, number] of Object.entries(row.unknown_why)) found.set(why, (found.get(why) ?? 0) + number)
  return [...found].filter(([, number]) => number > 0).sort((one, other) => other[1] - one[1])
}

/** Offices by source, within it those with most penalties first. */
export const byOffice = (rows: readonly QualityRow[]): Office[] => {
  const groups = new Map<string, QualityRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.source, row.authority])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
    .map((months) => ({
      source: months[0]?.source ?? '',
      authority: months[0]?.authority ?? '文件未载明处罚机关',
      sums: summed(months),
      why: reasons(months),
      months: [...months].sort((one, other) => (other.month ?? '').localeCompare(one.month ?? '')),
    }))
    .sort((one, other) => one.source.localeCompare(other.source, 'zh') || other.sums.records - one.sums.records)
}

/** What is said of an office: the first numbers, and of the others those that are none. */
export const told = (sums: Sums): { name: Measure; title: string; value: number }[] =>
  MEASURES.filter(([name], place) => place < ALWAYS || sums[name] > 0).map(([name, title]) => ({ name, title, value: sums[name] }))

/** The share of those in time among those of which it is known; empty where it is known of none. */
export const share = (of: Pick<Sums, 'timely' | 'late'>): string =>
  of.timely + of.late ? `${Math.floor((100 * of.timely) / (of.timely + of.late))}%` : ''
