import { describe, expect, it } from 'vitest'

import type { QualityRow } from '@/api/types'
import { byOffice, share, told } from '@/text/quality'

const row = (source: string, authority: string | null, month: string | null, more: Partial<QualityRow> = {}) =>
  ({ source, authority, month, records: 1, timely: 1, late: 0, unknown: 0, unknown_why: {}, timely_7: null, ...more }) as QualityRow

describe('how well an office publishes', () => {
  const offices = byOffice([
    row('乙', '局甲', '2026-04', { records: 5, timely: 2, late: 1, unknown: 2, unknown_why: { calendar: 2 } }),
    row('甲', null, '2026-04'),
    row('乙', '局乙', '2026-05', { records: 9 }),
    row('乙', '局甲', null, { timely: 0, unknown: 1, unknown_why: { calendar: 0, no_decision_day: 1 } }),
    row('乙', '局甲', '2026-05', { timely_7: 3 }),
  ])

  it('is added up over its months, by source, the busiest first', () => {
    expect(offices.map((office) => [office.source, office.authority, office.sums.records])).toEqual([
      ['甲', '文件未载明处罚机关', 1],
      ['乙', '局乙', 9],
      ['乙', '局甲', 7],
    ])
    const last = offices[2]
    expect(last?.months.map((one) => one.month)).toEqual(['2026-05', '2026-04', null])
    expect([last?.sums.timely, last?.sums.late, last?.sums.unknown, last?.sums.timely_7]).toEqual([3, 1, 3, 3])
    expect(last?.why).toEqual([['calendar', 2], ['no_decision_day', 1]])
  })

  it('tells the rarer numbers where there are some, and a share where something is known', () => {
    const titles = offices.map((office) => told(office.sums).map((one) => one.title))
    expect(titles[0]).toEqual(['处罚', '按期', '逾期', '不明', '摘要齐全'])
    expect(titles[2]).toContain('7个工作日内')
    expect([share({ timely: 2, late: 1 }), share({ timely: 0, late: 0 }), share({ timely: 0, late: 3 })]).toEqual(['66%', '', '0%'])
  })
})
