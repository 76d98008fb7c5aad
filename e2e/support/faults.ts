import type { BrowserContext, Page } from 'playwright-core'

/** Errors in a browser that are not visible on the page. */
export interface Faults {
  /** Allows errors that match. */
  allow(...patterns: readonly RegExp[]): void
  /** errors that were not allowed */
  readonly found: readonly string[]
}

/** Collects errors on the console, uncaught errors, violations of the content policy and failed requests. */
export async function watchFaults(context: BrowserContext): Promise<Faults> {
  const all: string[] = []
  const allowed: RegExp[] = []
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // oxlint-disable-next-line no-console -- where faults are collected
      console.error(`content policy: ${event.violatedDirective} refuses ${event.blockedURI}`)
    })
  })
  context.on('page', (page) => watchPage(page, (fault) => all.push(fault)))
  return {
    allow: (...patterns) => void allowed.push(...patterns),
    get found() {
      return all.filter((fault) => !allowed.some((pattern) => pattern.test(fault)))
    },
  }
}

function watchPage(page: Page, report: (fault: string) => void): void {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      report(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => report(`uncaught: ${error.stack ?? error.message}`))
  page.on('requestfailed', (request) => {
    // leaving a page ends its stream
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      report(`request: ${request.url()} ${request.failure()?.errorText}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) report(`response: ${response.status()} ${response.url()}`)
  })
}
