/** A Vite plugin that compiles the messages of the catalogues (ICU MessageFormat), so that no compiler goes to the browser. */
import { compileMessage } from '@lingui/message-utils/compileMessage'
import type { Plugin } from 'vite'

const CATALOGUE = /\/catalogues\/(zh|en)\/[^?]+\.json$/

export function catalogues(): Plugin {
  return {
    name: 'xincha-catalogues',
    enforce: 'pre',
    transform(code, id) {
      if (!CATALOGUE.test(id)) return undefined
      const messages = Object.entries(JSON.parse(code) as Record<string, string>)
      return { code: JSON.stringify(Object.fromEntries(messages.map(([key, text]) => [key, compileMessage(text)]))), map: null }
    },
  }
}
