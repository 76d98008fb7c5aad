import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import { signIn, unattended } from '../../apps/server/test/api-client.ts'
import { launchBangui, listening } from './bangui.ts'
import type { BenchContext } from './bench.ts'
import type { Program } from './program.ts'

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A built BanGUI, a signed-in client of it, and a signed-in page that has loaded nothing yet. */
export interface Viewing {
  readonly bangui: Program
  readonly url: string
  readonly api: Awaited<ReturnType<typeof signIn>>['api']
  readonly page: Page
}

/** Starts BanGUI with this environment, and Chromium with a page of it. */
export async function startViewing(context: BenchContext, env: Record<string, string>): Promise<Viewing> {
  context.say('starting BanGUI and Chromium')
  const bangui = context.own(launchBangui({ ...env, ...unattended }))
  const [url, browser] = await Promise.all([listening(bangui), startBrowser()])
  context.own({ [Symbol.asyncDispose]: () => browser.close() })
  const { api, cookie } = await signIn(url)
  const viewer = await browser.newContext()
  await viewer.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
    }),
  )
  return { bangui, url, api, page: await viewer.newPage() }
}

function startBrowser() {
  const executablePath = programs.find((program) => existsSync(program))
  if (executablePath === undefined)
    throw new Error('Chromium is not installed. On Debian or Ubuntu: sudo apt-get install chromium')
  return chromium.launch({
    executablePath,
    // root is refused the sandbox, and nothing but our own page is opened
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

/** Watches the text of an element in the page; each change is kept with its time (epoch milliseconds). */
export async function watchText(page: Page, selector: string): Promise<TextWatch> {
  await page.waitForSelector(selector)
  await page.evaluate((watched) => {
    const seen: { at: number; text: string }[] = []
    const look = () => {
      const at = performance.timeOrigin + performance.now()
      const text = document.querySelector(watched)?.textContent ?? ''
      if (seen.at(-1)?.text !== text) seen.push({ at, text })
    }
    look()
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    Object.assign(globalThis, { seenTexts: seen })
  }, selector)
  return {
    async changed(pattern, since) {
      const found = await page.waitForFunction(
        ([source, from]) =>
          (globalThis as unknown as { seenTexts: { at: number; text: string }[] }).seenTexts.find(
            ({ at, text }) => at >= from && new RegExp(source).test(text),
          )?.at,
        [pattern.source, since] as const,
        { timeout: 15_000 },
      )
      return (await found.jsonValue()) ?? Number.NaN
    },
  }
}

export interface TextWatch {
  /** The time (epoch milliseconds) of the first change after `since` to a text that matches. */
  changed(pattern: RegExp, since: number): Promise<number>
}
