import type { Browser, BrowserContext, Page } from 'playwright-core'
import { administrator } from './bangui.ts'
import { watchFaults, type Faults } from './faults.ts'
import { desktop } from './looks.ts'

/** A person with their own browser: cookies, storage and tabs are not shared. */
export interface Visitor extends AsyncDisposable {
  readonly context: BrowserContext
  readonly page: Page
  readonly faults: Faults
}

export interface VisitorOptions {
  /** whether pages fetch all modules of the interface while they are idle, not only those that are used. @default false */
  readonly prefetch?: boolean
}

/** Opens a browser window with one empty tab. */
export async function createVisitor(browser: Browser, options: VisitorOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: desktop.viewport,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  })
  context.setDefaultTimeout(60_000)
  // fetching, parsing and styling the whole interface takes as long as most tests
  if (!options.prefetch) await context.addInitScript(saveData)
  const faults = await watchFaults(context)
  const page = await context.newPage()
  return { context, page, faults, [Symbol.asyncDispose]: () => context.close() }
}

const saveData = () => void Object.defineProperty(navigator, 'connection', { value: { saveData: true } })

/** Signs a visitor in without the form. */
export async function signIn({ context }: Pick<Visitor, 'context'>, url: string): Promise<void> {
  const answer = await context.request.post(`${url}trpc/auth.login`, {
    data: administrator,
    headers: { origin: new URL(url).origin },
  })
  if (!answer.ok()) throw new Error(`Signing in failed: ${await answer.text()}`)
}
