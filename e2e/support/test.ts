import type { Browser } from 'playwright-core'
import { test as base } from 'vitest'
import { launchBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

interface Fixtures {
  browser: Browser
  world: World
}

/** A test with its own world; it fails on errors in a browser that are not visible on the page. */
export const test = base.extend<Fixtures>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern -- the runner reads the pattern
    async ({}, use) => {
      const browser = await launchBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'worker' },
  ],
  world: async ({ browser, task }, use) => {
    await using world = createWorld(browser)
    await use(world)
    if (task.result?.state === 'fail') await world.keepPictures(task.name)
    if (world.faults.length > 0)
      throw new Error(`Went wrong unseen in a browser:\n${world.faults.join('\n')}`)
  },
})
