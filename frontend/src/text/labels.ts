/** Chinese names for what the page itself names; kinds and facts are named by the API (`words.ts`). */
import type { StateWords } from '@/api/types'

export const LINK_RULES: Readonly<Record<string, string>> = {
  uscc: '按统一社会信用代码对应到企业',
  reg_no: '按注册号对应到企业',
  name: '按名称对应到企业',
  former_name: '按曾用名对应到企业',
  none: '在装载的登记信息里没有对应到企业',
  nobody: '没有指明是哪家企业',
  ambiguous: '同名企业不止一家，没有对应到其中任何一家',
  code_of_another: '所载代码与名称属于不同的企业，没有对应到其中任何一家',
}

export const FACETS: Readonly<Record<string, string>> = {
  status: '登记状态',
  flag: '特别状态',
  has: '公示记录',
  kind: '类型',
  region: '地区',
  industry: '行业',
  established: '成立时间',
  capital: '注册资本',
  authority: '机关',
  category: '类别',
  check_kind: '抽查种类',
  law: '法律法规',
  state: '现状',
  happened: '日期',
  fine: '罚款',
  closed: '终止时间',
  ended: '移出或期满日期',
  lasted: '历时',
  published: '开始公示日期',
  loaded: '装载日期',
  violation: '违法行为类型',
  article: '依据条文',
  address: '住所',
  link: '对应情况',
}

type Tone = StateWords['tone']

/** Red is for what is adverse now; a company that is gone is a fact of the past. */
export const statusTone = (status: string | null): Tone => {
  if (status === '存续') return 'good'
  if (status && ['吊销未注销', '责令关闭', '除名'].includes(status)) return 'adverse'
  return status && ['吊销已注销', '强制注销', '撤销', '撤销设立登记'].includes(status) ? 'past' : 'plain'
}

export type { Tone }
