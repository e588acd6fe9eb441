/** All English messages: a file of its own, asked for where it is wanted. It has the keys of the Chinese ones. */
import about from '@shared/en/about.json'

import company from './en/company.json'
import frame from './en/frame.json'
import match from './en/match.json'
import quality from './en/quality.json'
import search from './en/search.json'
import stats from './en/stats.json'
import verify from './en/verify.json'
import watch from './en/watch.json'
import type { Key } from './zh'

const en: Record<Key, string> = { ...about, ...company, ...frame, ...match, ...quality, ...search, ...stats, ...verify, ...watch }

export default en
