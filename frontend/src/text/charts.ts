/** The drawings of the page of figures, and questions that are asked often: each an address. */
import type { Question } from '@/api/figures'

import { CHANGE_OF_NAME, FALSE_ADVERTISING } from './given'
import { t } from './language'

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
    one(t('chart.entityYear'), { ...entities, by: ['year'] }),
    one(t('chart.entityDistrict'), { ...entities, by: ['region'], level: ['district'], top: ['20'] }),
    one(t('chart.entityKind'), { ...entities, by: ['kind'], top: ['20'] }),
    one(t('chart.entityStatus'), { of: ['entity'], by: ['status'], top: ['30'] }),
    {
      title: t('chart.abnormal'),
      parts: [
        { title: t('chart.listed'), question: { of: ['abnormal'], by: ['month'], ...since('abnormal') } },
        {
          title: t('chart.removed'),
          question: { of: ['abnormal'], by: ['month'], on: ['ended'], state: ['removed'], ended_from: [monthsBack(until('abnormal'))] },
        },
      ],
    },
    one(t('chart.penaltyMonth'), { of: ['penalty'], by: ['month'], measure: ['count', 'fine_sum'], ...since('penalty') }),
    one(t('chart.penaltyOffice'), { of: ['penalty'], by: ['authority'], measure: ['count', 'fine_sum', 'fine_median'], top: ['15'] }),
    one(t('chart.penaltyViolation'), { of: ['penalty'], by: ['violation'], measure: ['count', 'fine_sum'], top: ['15'] }),
    one(t('chart.checks'), {
      of: ['spot_check'],
      by: ['region'],
      level: ['district'],
      measure: ['found_rate', 'count', 'found', 'clear'],
    }),
    one(t('chart.timely'), { of: ['penalty'], by: ['authority'], measure: ['timely_rate', 'timely', 'late', 'decided'] }),
  ]
}

/** What is asked often → its question. */
export const often = (): readonly (readonly [string, Question])[] => [
  [t('often.falseAds'), { of: ['penalty'], by: ['year'], q: [FALSE_ADVERTISING], fine_from: ['10000'], measure: ['count', 'fine_sum'] }],
  [t('often.thirtyDays'), { of: ['abnormal'], by: ['year'], on: ['ended'], state: ['removed'], lasted_to: ['30'] }],
  [t('often.addresses'), { of: ['penalty'], by: ['address'], top: ['20'], measure: ['count', 'fine_sum'] }],
  [t('often.renamed'), { of: ['change'], by: ['year'], category: [CHANGE_OF_NAME] }],
  [t('often.checks'), { of: ['spot_check'], by: ['region', 'year'], level: ['district'], measure: ['found_rate', 'count', 'found'] }],
  [t('often.drawn'), { of: ['check_task'], by: ['year'], measure: ['drawn_sum', 'count'] }],
  [t('often.notices'), { of: ['notice'], by: ['category'], measure: ['notice_running', 'count'] }],
  [t('often.articles'), { of: ['penalty'], by: ['article'], top: ['20'], measure: ['count', 'fine_sum'] }],
]
