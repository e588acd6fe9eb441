/** Chinese names for the codes and fields of the API. */
import type { Entity, RecordKind } from '@/api/types'

export const KINDS: Readonly<Record<RecordKind, string>> = {
  penalty: '行政处罚',
  abnormal: '经营异常',
  spot_check: '抽查检查',
}

export const SOURCES: Readonly<Record<string, string>> = { registration: '登记信息', ...KINDS }

export const LINK_RULES: Readonly<Record<string, string>> = {
  uscc: '按统一社会信用代码对应到企业',
  reg_no: '按注册号对应到企业',
  name: '按名称对应到企业',
  former_name: '按曾用名对应到企业',
  none: '没有对应到已登记的企业',
  ambiguous: '同名企业不止一家，没有对应到其中任何一家',
}

/** Fields of an entity, in the order of the registration table; also names what a highlight or a change is about. */
export const FIELDS = {
  name: '名称',
  uscc: '统一社会信用代码',
  reg_no: '注册号',
  org_code: '组织机构代码',
  former_names: '曾用名',
  kind: '主体类型',
  enterprise_type: '企业类型',
  status: '登记状态',
  status_on: '状态日期',
  legal_rep: '法定代表人或负责人',
  capital_text: '注册资本',
  established_on: '成立日期',
  approved_on: '核准日期',
  term_from_on: '营业期限自',
  term_to_on: '营业期限至',
  region: '行政区划',
  address: '住所',
  industry: '行业',
  authority: '登记机关',
  scope: '经营范围',
} satisfies Partial<Record<keyof Entity, string>>

const OTHERS: Readonly<Record<string, string>> = {
  capital_amount: '注册资本',
  capital_cny: '注册资本（元）',
  capital_currency: '注册资本币种',
  region_code: '行政区划代码',
  industry_code: '行业代码',
  industry_text: '行业',
  party_name: '当事人',
  party_uscc: '当事人代码',
  doc_no: '文号',
  list_doc_no: '列入决定文号',
  removal_doc_no: '移出决定文号',
  violation: '违法行为类型',
  facts: '违法事实',
  basis: '处罚依据',
  content: '处罚内容',
  licence: '证照',
  reason: '列入原因',
  removal_reason: '移出原因',
  plan_no: '计划编号',
  plan_name: '计划',
  task_no: '任务编号',
  task_name: '任务',
}

export const fieldName = (field: string): string => (FIELDS as Record<string, string>)[field] ?? OTHERS[field] ?? field

export const FACETS: Readonly<Record<string, string>> = {
  status: '登记状态',
  has: '公示记录',
  kind: '类型',
  region: '地区',
  industry: '行业',
  established: '成立时间',
  capital: '注册资本',
  authority: '机关',
  category: '类别',
  state: '现状',
  happened: '日期',
  fine: '罚款',
}

type Tone = 'plain' | 'good' | 'adverse' | 'past'

/** Red is for what is adverse now; a company that is gone is a fact of the past. */
export const statusTone = (status: string | null): Tone => {
  if (status === '存续') return 'good'
  if (status === '吊销未注销') return 'adverse'
  return status === '吊销已注销' || status === '撤销' ? 'past' : 'plain'
}

export type { Tone }
