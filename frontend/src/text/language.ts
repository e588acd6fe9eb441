/**
 * The language of the page's frame, and its messages by key (`src/catalogues`, ICU MessageFormat). What was published stays
 * as it was written, and is marked with `PUBLISHED`.
 *
 * Chinese comes with the page; English is a file of its own, which is asked for where it is wanted.
 */
import { setupI18n, type Messages } from '@lingui/core'
import { readonly, ref } from 'vue'

import zh, { type Key } from '@/catalogues/zh'

/** The languages, as values of `lang`. */
export const LANGUAGES = { zh: 'zh-CN', en: 'en' } as const
export type Language = keyof typeof LANGUAGES

/** The language of what offices published. */
export const PUBLISHED = LANGUAGES.zh

/** The language of a value that may be published text, or a number, a day or a name that the page writes itself. */
export const languageOf = (value: string): string | undefined => (/\p{Script=Han}/u.test(value) ? PUBLISHED : undefined)

const KEPT_AS = 'xincha-language'
const i18n = setupI18n({ locale: 'zh', messages: { zh: zh as unknown as Messages } })
const current = ref<Language>('zh')

export const language = readonly(current)

/** The tag by which `Intl` writes numbers and the document says its language. */
export const tag = (): string => LANGUAGES[current.value]

/** A message of the present language. `values`: what stands in its braces. */
export const t = (key: Key, values?: Readonly<Record<string, string | number>>): string => {
  void current.value // what calls this is rendered anew in another language
  return i18n._(key, values)
}

/** The message `group.name`; nothing where there is none, since names come from the API or the address. */
export const named = (group: string, name: string): string | undefined => {
  const key = `${group}.${name}`
  void current.value
  return key in i18n.messages ? i18n._(key) : undefined
}

/** Chinese messages of a part of the page that comes later, and comes with them. */
export const addMessages = (messages: Readonly<Record<string, string>>): void => i18n.load('zh', messages as unknown as Messages)

const isLanguage = (value: string | null | undefined): value is Language => !!value && value in LANGUAGES

const kept = (): string | null => {
  try {
    return window.localStorage.getItem(KEPT_AS)
  } catch {
    return null // not allowed
  }
}

/** What was chosen, else the first of the browser's languages that the page has, else Chinese. */
export const preferred = (chosen: string | null, languages: readonly string[]): Language =>
  isLanguage(chosen) ? chosen : (languages.map((each) => each.split('-')[0]).find(isLanguage) ?? 'zh')

/** Whether the frame is in that language now; it is not where its file did not arrive. */
async function show(wanted: Language): Promise<boolean> {
  try {
    if (wanted === 'en') i18n.load('en', (await import('@/catalogues/en')).default as unknown as Messages)
  } catch {
    return false
  }
  i18n.activate(wanted)
  current.value = wanted
  document.documentElement.lang = tag()
  return true
}

/** Before anything is painted: the language that is preferred. */
export const startLanguage = (): Promise<boolean> => show(preferred(kept(), window.navigator.languages))

/** The choice of a person, which this browser keeps. */
export async function chooseLanguage(wanted: Language): Promise<boolean> {
  if (!(await show(wanted))) return false
  try {
    window.localStorage.setItem(KEPT_AS, wanted)
  } catch {
    // not allowed: then it holds until the page is loaded anew
  }
  return true
}
