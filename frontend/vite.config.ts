import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

import { catalogues } from './catalogues.ts'
import { compressed } from './compressed.ts'
import { icons } from './icons.ts'
import { firstLoad } from './weight.ts'

export default defineConfig({
  plugins: [catalogues(), vue(), firstLoad(100 * 1024), compressed(), icons()],
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('./src', import.meta.url)),
      '@shared': fileURLToPath(new URL('../api/html/catalogues', import.meta.url)),
    },
  },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  build: {
    target: 'es2022',
    // Nothing inline: the Content-Security-Policy allows files of our own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The page, and the reference of the API, which nobody loads with it; Swagger UI comes in one piece.
    rolldownOptions: { input: ['index.html', 'docs.html'] },
    chunkSizeWarningLimit: 2048,
  },
  test: { include: ['tests/**/*.test.{ts,js}'] },
  server: { fs: { allow: ['..'] }, proxy: { '/api': process.env.XINCHA_API ?? 'http://127.0.0.1:8000' } },
})
