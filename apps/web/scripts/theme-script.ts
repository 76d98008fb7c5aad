import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const source = () => readFileSync(new URL('../src/lib/theme-boot.js', import.meta.url), 'utf8')

/** Puts the theme's script before everything that paints: a file of its own, since the policy allows no inline script. */
export function themeScript(): Plugin {
  let reference: string | undefined
  return {
    name: 'bangui-theme-script',
    configureServer(server) {
      server.middlewares.use('/theme-boot.js', (_request, response) => {
        response.setHeader('content-type', 'text/javascript')
        response.end(source())
      })
    },
    buildStart() {
      if (this.meta.watchMode) return
      reference = this.emitFile({ type: 'asset', name: 'theme-boot.js', source: source() })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const file = Object.values(context.bundle ?? {}).find(
          (output) => output.type === 'asset' && output.names.includes('theme-boot.js'),
        )
        const src = reference && file ? `./${file.fileName}` : '/theme-boot.js'
        return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }]
      },
    },
  }
}
