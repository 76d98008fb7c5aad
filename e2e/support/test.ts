import type { Browser } from 'playwright-core'
import { test as base } from 'vitest'
import { launchBrowser } from './browser.ts'
import { createWorld, type World } from './world.ts'

interface Fixtures {
  browser: Browser
  fileWorld: World
  shared: World
  world: World
}

/**
 * A test with its own `world`, or with one that it shares with the tests of its file, which must not depend on each other.
 * It fails on errors in a browser that are not visible on the page.
 */
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
  // lives as long as the tests of a file
  fileWorld: [
    async ({ browser }, use) => {
      await using world = createWorld(browser)
      await use(world)
    },
    { scope: 'file' },
  ],
  shared: async ({ fileWorld, task }, use) => {
    const before = fileWorld.faults.length
    await use(fileWorld)
    if (task.result?.state === 'fail') await fileWorld.keepPictures(task.name)
    failOn(fileWorld.faults.slice(before))
  },
  world: async ({ browser, task }, use) => {
    await using world = createWorld(browser)
    await use(world)
    if (task.result?.state === 'fail') await world.keepPictures(task.name)
    failOn(world.faults)
  },
})

function failOn(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`Went wrong unseen in a browser:\n${faults.join('\n')}`)
}
