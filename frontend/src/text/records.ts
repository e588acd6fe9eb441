/** A record in words: its headline, its tone, and its facts in the order in which a person asks for them. */
import type { AnyRecord, RecordOf } from '@/api/types'

import { date, yuan } from './format'
import type { Tone } from './labels'

export type Fact = readonly [label: string, text: string]

const isFact = (fact: Fact | undefined): fact is Fact => !!fact && fact[1] !== ''
const facts = (pairs: Record<string, string | null | undefined>): Fact[] =>
  Object.entries(pairs)
    .map(([label, text]): Fact => [label, text ?? ''])
    .filter(isFact)

const penaltyHeadline = (r: RecordOf<'penalty'>): string => {
  const fine = r.fine_cny ? `罚款 ${yuan(r.fine_cny)}` : '罚款'
  const types = r.penalty_types.map((type) => (type === '罚款' ? fine : type))
  if (r.fine_cny && !types.includes(fine)) types.push(fine)
  const text = types.join('、') || '处罚内容见详情'
  return r.violation ? `${r.violation}：${text}` : text
}

const abnormalHeadline = (r: RecordOf<'abnormal'>): string => {
  const act = r.mark ? '标记为经营异常状态' : '列入经营异常名录'
  return r.reason ? `${act}：${r.reason}` : act
}

export const headline = (r: AnyRecord): string => {
  if (r.kind === 'penalty') return penaltyHeadline(r)
  if (r.kind === 'abnormal') return abnormalHeadline(r)
  return r.results.join('；') || '结果未公布'
}

export const isCurrent = (r: AnyRecord): boolean => r.kind === 'abnormal' && r.state === 'listed'

export const tone = (r: AnyRecord): Tone => {
  if (isCurrent(r)) return 'adverse'
  return r.kind === 'spot_check' && r.state !== 'found' ? 'plain' : 'past'
}

/** The state in a word or two, for a chip; none where the kind of record says it all. */
export const stateWord = (r: AnyRecord): string => {
  if (r.kind === 'abnormal') return r.state === 'listed' ? '现仍在列' : '已移出'
  return r.kind === 'spot_check' && r.state === 'found' ? '发现问题' : ''
}

const penaltyFacts = (r: RecordOf<'penalty'>): Fact[] =>
  facts({
    决定书文号: r.doc_no,
    违法行为类型: r.violation,
    违法事实: r.facts,
    处罚依据: r.basis,
    处罚类别: r.penalty_types.join('、'),
    处罚内容: r.content,
    罚款金额: yuan(r.fine_cny),
    没收金额: yuan(r.confiscated_cny),
    '暂扣或吊销的证照': r.licence,
    处罚决定日期: date(r.decided_on),
    处罚有效期: date(r.effective_until_on),
    公示日期: date(r.published_on),
    公示截止期: date(r.public_until_on),
    处罚机关: r.authority,
    数据来源单位: r.data_source === r.authority ? '' : r.data_source,
    备注: r.remark,
  })

const abnormalFacts = (r: RecordOf<'abnormal'>): Fact[] => {
  const listed = r.mark ? '标记' : '列入'
  const removed = r.mark ? '恢复' : '移出'
  return facts({
    [`${listed}原因`]: r.reason,
    [`${listed}日期`]: date(r.listed_on),
    [`作出${listed}决定机关`]: r.listed_by,
    [`${listed}决定文号`]: r.list_doc_no,
    [`${removed}原因`]: r.removal_reason,
    [`${removed}日期`]: date(r.removed_on),
    [`作出${removed}决定机关`]: r.removed_by,
    [`${removed}决定文号`]: r.removal_doc_no,
  })
}

const checkFacts = (r: RecordOf<'spot_check'>): Fact[] =>
  facts({
    检查结果: r.results.join('；'),
    抽查事项: r.items.join('；'),
    检查日期: date(r.checked_on),
    类型: r.check_type,
    计划: [r.plan_name, r.plan_no].filter(Boolean).join('，'),
    任务: [r.task_name, r.task_no].filter(Boolean).join('，'),
    检查实施机关: r.authority,
  })

export const recordFacts = (r: AnyRecord): Fact[] => {
  const party = facts({ 当事人: r.party_name, 当事人代码: r.party_uscc ?? r.party_reg_no })
  if (r.kind === 'penalty') return [...party, ...penaltyFacts(r)]
  return [...party, ...(r.kind === 'abnormal' ? abnormalFacts(r) : checkFacts(r))]
}

/** The authority and the document number that a record stands on. */
export const issued = (r: AnyRecord): string => {
  const parts = r.kind === 'abnormal' ? [r.listed_by, r.list_doc_no] : [r.authority, r.kind === 'penalty' ? r.doc_no : r.task_no]
  return parts.filter(Boolean).join('，')
}
