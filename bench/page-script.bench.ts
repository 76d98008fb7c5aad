import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPrivateDaemon } from '@bangui/fail2ban'
import type { Response } from 'playwright-core'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing } from './lib/browser.ts'

const assets = fileURLToPath(new URL('../apps/web/dist/assets', import.meta.url))

/** After the page is drawn, what it may still fetch by itself. */
const QUIET = 1_500

/** The bytes of script that Chromium receives for the overview, until it is drawn and quiet; nothing is touched or scrolled. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const daemon = context.own(await createPrivateDaemon({ jails: [{ name: 'sshd' }] }))
  await daemon.start()
  const { page, url, api } = await startViewing(context, environmentOf(daemon))
  // with nothing to draw there would be less to fetch
  await api.bans.ban.mutate({ jail: 'sshd', addresses: ['1.1.1.1', '77.88.8.8', '195.186.1.110'] })
  await page.setViewportSize({ width: 1440, height: 900 })
  const responses: Response[] = []
  page.on('response', (response) => responses.push(response))
  await page.goto(url)
  await page.getByText('Banned now').first().waitFor()
  await page.getByRole('slider', { name: /^Bans over time/ }).waitFor()
  await page.waitForTimeout(QUIET)

  const scripts = await Promise.all(responses.filter(isScript).map(toFile))
  for (const { name, bytes, encoding } of scripts) context.say(`${name}: ${bytes} bytes, ${encoding}`)
  const sum = scripts.reduce((total, { bytes }) => total + bytes, 0)
  const plain = scripts.filter(({ encoding, bytes }) => encoding !== 'br' && bytes > 1_024)
  return [
    {
      what: 'script of the first page, compressed',
      value: sum / 1_000,
      unit: 'KB',
      wanted: 'at most 130 KB',
      ok: scripts.length > 0 && sum <= 130_000,
      note: `${scripts.length} files, as the browser received them${plain.length > 0 ? `; not compressed: ${plain.map(({ name }) => name).join(', ')}` : ''}`,
    },
    await measureEditor(new Set(scripts.map(({ name }) => basename(name)))),
  ]
}

/** The compressed files that the text editor needs besides those of the first page. */
async function measureEditor(known: ReadonlySet<string>): Promise<Measure> {
  const needed = new Set((await readdir(assets)).filter((name) => /^text-editor-.*\.js$/.test(name)))
  let bytes = 0
  for (const name of needed) {
    const source = await readFile(join(assets, name), 'utf8')
    for (const [, imported = ''] of source.matchAll(/\bfrom\s?["']\.\/([\w.-]+\.js)["']/g))
      if (!known.has(imported)) needed.add(imported)
    bytes += (await stat(join(assets, `${name}.br`)).catch(() => stat(join(assets, name)))).size
  }
  return {
    what: 'script of the text editor, compressed',
    value: bytes / 1_000,
    unit: 'KB',
    wanted: 'at most 120 KB',
    ok: needed.size > 0 && bytes <= 120_000,
    note: `${needed.size} files`,
  }
}

const isScript = (response: Response) => /javascript/.test(response.headers()['content-type'] ?? '')

async function toFile(response: Response) {
  const { responseBodySize } = await response.request().sizes()
  const name = new URL(response.url()).pathname
  return {
    name,
    bytes: responseBodySize,
    encoding: response.headers()['content-encoding'] ?? 'not compressed',
  }
}
