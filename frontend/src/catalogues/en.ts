/** All English messages: a file of its own, asked for where it is wanted. It has the keys of the Chinese ones. */
import frame from './en/frame.json'
import search from './en/search.json'
import type { Key } from './zh'

const en: Record<Key, string> = { ...frame, ...search }

export default en
