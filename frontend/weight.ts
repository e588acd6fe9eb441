/**
 * A Vite plugin that fails the build when the first load is heavier than allowed.
 *
 * The first load is index.html and every script and style sheet that it names, each compressed by gzip; chunks that a
 * page loads later do not count.
 */
import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

type Bundle = Parameters<Extract<NonNullable<Plugin['generateBundle']>, (...args: never[]) => unknown>>[1]

const content = (bundle: Bundle, name: string): string | Uint8Array => {
  const file = bundle[name]
  if (!file) return ''
  return file.type === 'chunk' ? file.code : file.source
}

const named = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '')

export function firstLoad(limit: number): Plugin {
  return {
    name: 'xincha-first-load',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = String(content(bundle, 'index.html'))
      const files = ['index.html', ...named(html)]
      const bytes = files.map((name) => gzipSync(content(bundle, name)).length).reduce((a, b) => a + b, 0)
      const sentence = `first load: ${(bytes / 1024).toFixed(1)} KiB compressed in ${files.length} files`
      if (files.length < 3) this.error(`${sentence}; script or style sheet not found in index.html`)
      if (bytes > limit) this.error(`${sentence}, more than ${limit / 1024} KiB`)
      this.info(sentence)
    },
  }
}
