import { readFileSync, writeFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { effectOf, issued, nameOf, recordFacts, stateWord, tableOf, tone } from '@/text/records'
import { rows } from '@/text/registration'
import { words } from '@/text/words'

/** Answers of the API in a file, of which the same is to be written as the server writes (`tests/api/test_written.py`):
 * records, tables `{kinds, records}`, entities, and `about`. No TypeScript, which would want the types of Node. */
const given = process.env.XINCHA_ANSWERS

test.runIf(given)('what is written of the answers in a file', () => {
  const answers = JSON.parse(readFileSync(given ?? '', 'utf-8'))
  words.value = answers.about
  const written = {
    records: answers.records.map((record) => ({
      facts: recordFacts(record),
      state: stateWord(record),
      whose: nameOf(record),
      issued: issued(record),
      effect: (tone(record) === 'adverse' && effectOf(record)?.meaning) || '',
    })),
    tables: answers.tables.map(({ kinds, records }) => tableOf(kinds, records)),
    entities: answers.entities.map((entity) => rows(entity).map(({ label, text, elsewhere }) => [label, text, elsewhere])),
  }
  writeFileSync(`${given}.written`, JSON.stringify(written))
  expect(written.records).toHaveLength(answers.records.length)
})
