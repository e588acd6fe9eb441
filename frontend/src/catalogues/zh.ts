/**
 * The Chinese messages that come with the first load. Those of a page that comes later (`zh/match.json`, …) come with it:
 * it hands them to `addMessages`. Texts are ICU MessageFormat: `{name}`, `{n, number}`, `{n, plural, one {…} other {…}}`.
 */
import frame from './zh/frame.json'
import search from './zh/search.json'

const zh = { ...frame, ...search }

export type Key = keyof typeof zh
export default zh
