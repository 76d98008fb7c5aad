import type { Response } from 'playwright-core'
import type { BenchContext, Measure } from './lib/bench.ts'
import { startViewing } from './lib/browser.ts'
import { startSimulator } from './lib/daemons.ts'

/** After the page is drawn, what it may still fetch by itself. */
const QUIET = 1_500

/** The bytes of script that Chromium receives for the first page, until it is drawn and quiet; nothing is touched. */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const { env } = await startSimulator(context, [{ name: 'sshd' }])
  const { page, url } = await startViewing(context, env)
  const responses: Response[] = []
  page.on('response', (response) => responses.push(response))
  await page.goto(url)
  await page.getByText('Banned now').first().waitFor()
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
  ]
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
