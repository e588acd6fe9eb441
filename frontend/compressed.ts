/** A Vite plugin that puts each script and style sheet beside itself in brotli and gzip, as the server sends them. */
import { brotliCompressSync, gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

const CODINGS = { br: brotliCompressSync, gz: (data: string | Uint8Array) => gzipSync(data, { level: 9 }) }

export function compressed(): Plugin {
  return {
    name: 'xincha-compressed',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!/^assets\/.*\.(js|css)$/.test(name)) continue
        const data = file.type === 'chunk' ? file.code : file.source
        for (const [ending, compress] of Object.entries(CODINGS)) {
          this.emitFile({ type: 'asset', fileName: `${name}.${ending}`, source: compress(data) })
        }
      }
    },
  }
}
