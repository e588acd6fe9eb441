/**
 * A Vite plugin that draws the icons of home screens and windows from the page's own: public/favicon.svg.
 *
 * `icon-maskable.png` is cut to whatever shape a system likes, so the ground goes to its edges and the drawing keeps to the
 * middle four fifths, as the manifest's `purpose: maskable` asks.
 */
import { readFileSync } from 'node:fs'

import sharp from 'sharp'
import type { Plugin } from 'vite'

const DRAWING = 'public/favicon.svg'
const SIZES = [180, 192, 512]
const MASKABLE = 512
const SAFE = 0.8

const drawn = (svg: Buffer, size: number) => sharp(svg, { density: (72 * size) / 32 }).resize(size, size).png({ palette: true })

export function icons(): Plugin {
  return {
    name: 'xincha-icons',
    async generateBundle() {
      const svg = readFileSync(DRAWING)
      const background = /<rect[^>]*fill="([^"]+)"/.exec(svg.toString())?.[1]
      if (!background) return this.error(`${DRAWING}: no ground, so no maskable icon`)
      const add = (name: string, source: Buffer) => this.emitFile({ type: 'asset', fileName: `icon-${name}.png`, source })
      for (const size of SIZES) add(`${size}`, await drawn(svg, size).toBuffer())
      const inner = await drawn(svg, Math.round(MASKABLE * SAFE)).toBuffer()
      const ground = { width: MASKABLE, height: MASKABLE, channels: 3 as const, background }
      add('maskable', await sharp({ create: ground }).composite([{ input: inner }]).png({ palette: true }).toBuffer())
    },
  }
}
