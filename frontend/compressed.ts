/** A Vite plugin that puts each script and style sheet beside itself in brotli and gzip, as the server sends them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

/** The last percent of a large file takes seconds. */
const LARGE = 512 * 1024
const quality = (data: Uint8Array) => (data.length > LARGE ? 9 : constants.BROTLI_MAX_QUALITY)
const brotli = (data: Uint8Array) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: quality(data) } })
const CODINGS = { br: brotli, gz: (data: Uint8Array) => gzipSync(data, { level: 9 }) }

export function compressed(): Plugin {
  return {
    name: 'xincha-compressed',
    // What stands in the bundle before is not what is written: Vite fills in the addresses of chunks last.
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /^assets\/.*\.(js|css)$/.test(name))) {
        const data = readFileSync(join(dir, name))
        for (const [ending, compress] of Object.entries(CODINGS)) writeFileSync(join(dir, `${name}.${ending}`), compress(data))
      }
    },
  }
}
