/** The drawings of the page of figures, and questions that are asked often: each an address. */
import type { Question } from '@/api/figures'

export interface Chart {
  title: string
  parts: { question: Question; title?: string }[]
}

/** Months that are drawn: two years up to the last day of the content. */
const MONTHS = 24

export const monthsBack = (day: string): string => {
  const [year = 0, month = 1] = day.split('-').map(Number)
  const first = year * 12 + (month - 1) - (MONTHS - 1)
  return `${String(Math.floor(first / 12)).padStart(4, '0')}-${String((first % 12) + 1).padStart(2, '0')}-01`
}

const one = (title: string, question: Question): Chart => ({ title, parts: [{ question }] })

/** `until`: the last day that a kind tells of. */
export const charts = (until: (kind: string) => string): Chart[] => {
  const since = (kind: string): Question => ({ happened_from: [monthsBack(until(kind))] })
  const entities = { of: ['entity'], measure: ['count', 'in_business'] }
  return [
    one('经营主体：按成立年份', { ...entities, by: ['year'] }),
    one('经营主体：按区', { ...entities, by: ['region'], level: ['district'], top: ['20'] }),
    one('经营主体：按类型', { ...entities, by: ['kind'], top: ['20'] }),
    one('经营主体：按登记状态', { of: ['entity'], by: ['status'], top: ['30'] }),
    {
      title: '经营异常名录：列入与移出，按月',
      parts: [
        { title: '列入', question: { of: ['abnormal'], by: ['month'], ...since('abnormal') } },
        {
          title: '移出',
          question: { of: ['abnormal'], by: ['month'], on: ['ended'], state: ['removed'], ended_from: [monthsBack(until('abnormal'))] },
        },
      ],
    },
    one('行政处罚：按月，条数与罚款', { of: ['penalty'], by: ['month'], measure: ['count', 'fine_sum'], ...since('penalty') }),
    one('行政处罚：按机关，条数与罚款', { of: ['penalty'], by: ['authority'], measure: ['count', 'fine_sum', 'fine_median'], top: ['15'] }),
    one('行政处罚：按违法行为类型，条数与罚款', { of: ['penalty'], by: ['violation'], measure: ['count', 'fine_sum'], top: ['15'] }),
    one('抽查检查：按区，发现问题的比率', {
      of: ['spot_check'],
      by: ['region'],
      level: ['district'],
      measure: ['found_rate', 'count', 'found', 'clear'],
    }),
    one('公示是否及时：按处罚机关', { of: ['penalty'], by: ['authority'], measure: ['timely_rate', 'timely', 'late', 'decided'] }),
  ]
}

/** What is asked often → its question. */
export const OFTEN: readonly (readonly [string, Question])[] = [
  ['虚假宣传，罚款一万元以上的，按年', { of: ['penalty'], by: ['year'], q: ['虚假宣传'], fine_from: ['10000'], measure: ['count', 'fine_sum'] }],
  ['三十天内移出经营异常名录的企业', { of: ['abnormal'], by: ['year'], on: ['ended'], state: ['removed'], lasted_to: ['30'] }],
  ['处罚最多的二十个地址', { of: ['penalty'], by: ['address'], top: ['20'], measure: ['count', 'fine_sum'] }],
  ['各年改名的企业', { of: ['change'], by: ['year'], category: ['名称变更'] }],
  ['抽查发现问题的比率，按区和年', { of: ['spot_check'], by: ['region', 'year'], level: ['district'], measure: ['found_rate', 'count', 'found'] }],
  ['抽查任务抽取的户数，按年', { of: ['check_task'], by: ['year'], measure: ['drawn_sum', 'count'] }],
  ['正在公告的事项', { of: ['notice'], by: ['category'], measure: ['notice_running', 'count'] }],
  ['处罚引用最多的条文', { of: ['penalty'], by: ['article'], top: ['20'], measure: ['count', 'fine_sum'] }],
]
