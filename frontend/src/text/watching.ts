/** What changed of watched companies, in words; with it come the messages of watch lists. */
import messages from '@/catalogues/zh/watch.json'
import type { FollowedChange } from '@/api/types'

import { addMessages, t } from './language'

addMessages(messages)

/** What changed of one company, in the order in which it did. */
export interface Company {
  id: string
  name: string
  facts: FollowedChange['facts']
  records: NonNullable<FollowedChange['record']>[]
  ended: number
}

/** Changes by company, the order of their first change. A record that changed twice stands there as it is now. */
export function byCompany(changes: readonly FollowedChange[]): Company[] {
  const found = new Map<string, Company>()
  for (const change of changes) {
    const company = found.get(change.entity_id) ?? { id: change.entity_id, name: '', facts: [], records: [], ended: 0 }
    found.set(change.entity_id, company)
    company.name = change.name ?? company.name
    company.facts.push(...change.facts)
    if (change.record) company.records = [...company.records.filter((each) => each.record_id !== change.record_id), change.record]
    if (change.change === 'ended') {
      company.ended += 1
      company.records = company.records.filter((each) => each.record_id !== change.record_id)
    }
  }
  return [...found.values()].filter((company) => company.facts.length || company.records.length || company.ended)
}

/** What a fact was and is; of a person only that there is another one. */
export const factText = ({ old, new: now }: FollowedChange['facts'][number]): string =>
  old === null && now === null
    ? t('watch.fact.person')
    : t('watch.fact', { old: old ?? t('watch.fact.empty'), new: now ?? t('watch.fact.empty') })
