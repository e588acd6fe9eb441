/**
 * The Chinese messages that come with the first load. Those of a page that comes later (`zh/stats.json`, …) come with it: it hands
 * them to `addMessages`. What the server writes, too, stands with the server (`@shared`). Texts are ICU MessageFormat: `{name}`, `{n, number}`, `{n, plural, one {…} other {…}}`.
 */
import type about from '@shared/zh/about.json'

import company from './zh/company.json'
import frame from './zh/frame.json'
import type match from './zh/match.json'
import type quality from './zh/quality.json'
import search from './zh/search.json'
import type stats from './zh/stats.json'
import type verify from './zh/verify.json'
import type watch from './zh/watch.json'

const zh = { ...company, ...frame, ...search }

export type Key = keyof typeof zh | keyof typeof about | keyof typeof match | keyof typeof quality | keyof typeof stats | keyof typeof verify | keyof typeof watch
export default zh
