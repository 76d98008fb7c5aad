import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { layerOrder } from './scripts/layer-order.ts'
import { precompress } from './scripts/precompress.ts'
import { themeScript } from './scripts/theme-script.ts'
import { worldShapes } from './scripts/world-shapes.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const server = process.env['BANGUI_DEV_SERVER'] ?? 'http://127.0.0.1:8080'
// the server takes requests from its own origin only
const proxy = { target: server, changeOrigin: true, headers: { origin: new URL(server).origin } }

export default defineConfig(({ mode }) => ({
  // relative, so that one build serves under any base path; the server rewrites <base href>
  base: mode === 'development' ? '/' : './',
  plugins: [solid(), worldShapes(), themeScript(), layerOrder(), precompress()],
  define: { __BANGUI_VERSION__: JSON.stringify(version) },
  resolve: {
    conditions: [
      '@bangui/source',
      'solid',
      'module',
      'browser',
      mode === 'development' ? 'development' : 'production',
    ],
  },
  css: { modules: { generateScopedName: mode === 'development' ? '[name]_[local]' : '[hash:base64:6]' } },
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // what many pages share is one file: apart, it is dozens of small requests, and compresses worse
      output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 8 }] } },
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/trpc': proxy, '/api': proxy } },
}))
