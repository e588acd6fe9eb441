/** What is wrong with a request, in words: which part of it, and the way out. */
import type { Problem, ProblemKind } from '@/api/problem'

import { FACETS } from './labels'

export const WORDS: Readonly<Record<ProblemKind, readonly [title: string, text: string]>> = {
  unreachable: ['连不上服务', '请检查网络；服务也可能正在重启，稍等片刻再试。'],
  'not-ready': ['数据还没有准备好', '服务已经启动，但还没有可以查的数据：正在装载，或者尚未装载。稍后再试。'],
  busy: ['现在忙不过来', '同时处理的已经够多了，过一会儿再试。'],
  'not-found': ['没有找到', '这个地址没有对应的内容。'],
  'too-large': ['内容太多', '一次发来的超过了这里能收的数量，请分成几份。'],
  'bad-request': ['这个查询没有办法回答', '地址里有一个条件写得不对。'],
  failed: ['服务出错了', '问题出在服务一边，不是您的操作。可以再试一次。'],
}

/** Where asking the same once more may help. */
export const HELPED: readonly ProblemKind[] = ['unreachable', 'not-ready', 'busy', 'failed']

const PARTS: Readonly<Record<string, string>> = {
  q: '所输文字',
  sort: '排序',
  cursor: '翻页的位置',
  article: '条文',
  belongs: '抽查计划或者任务',
  address: '住所',
  link: '对应依据',
  closed: '终止日期',
  loaded: '装载日期',
  published: '公示日期',
  ended: '结束日期',
  lasted: '天数',
  as_of: '截至日期',
  rows: '名单',
  body: '文件',
  filename: '文件名',
  column: '名称所在的栏',
}

/** What people call a parameter of the API. */
export const partName = (name: string): string => {
  const part = name.replace(/_(from|to)$/, '')
  return FACETS[part] ?? PARTS[part] ?? `“${name}”`
}

/** The parts that are wrong, each once. */
export const wrongParts = (problem: Problem): string => [...new Set(problem.wrong.map(partName))].join('、')

export function sentence(problem: Problem): string {
  const wrong = wrongParts(problem)
  if (problem.kind === 'bad-request' && wrong) return `${wrong}写得不对，或者这里没有这样的条件。`
  if (problem.kind === 'too-large' && problem.most) return `${WORDS['too-large'][1]}一次最多 ${problem.most.replace(' MiB', ' MB')}。`
  return WORDS[problem.kind][1]
}
