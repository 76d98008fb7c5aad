import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CDPSession, Page } from 'playwright-core'
import { looks, type Look } from './looks.ts'

const results = fileURLToPath(new URL('../../test-results/', import.meta.url))

/** Changes the window's size and the device's theme, and waits until the page has them. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' })
  await page.setViewportSize(look.viewport)
  await setTouch(page, look.touch)
  await settle(page)
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()

/** Gives a page touch instead of a mouse, with the matching scroll bars. */
export async function setTouch(page: Page, enabled: boolean): Promise<void> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, session)
  const devtools = await session
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled })
  await devtools.send('Emulation.setScrollbarsHidden', { hidden: enabled })
}

/** Waits until nothing has moved for three frames. */
export const settle = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const moves = () =>
      document.getAnimations().some(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    for (let quiet = 0; quiet < 3; quiet = moves() ? 0 : quiet + 1)
      await new Promise((resolve) => requestAnimationFrame(resolve))
  })

/** Stores a screenshot for people, if BANGUI_SCREENS is set: it takes as long as the inspection. */
export async function keepScreen(
  page: Page,
  look: Look,
  name: { page: string; state?: string },
): Promise<void> {
  if (process.env['BANGUI_SCREENS'] === undefined) return
  const file = [name.page, look.name, name.state].filter(Boolean).join('-')
  await page.screenshot({ path: join(results, 'screens', `${file}.png`) })
}

/** Stores a screenshot in every look, if BANGUI_SCREENS is set. The page may have the last look afterwards. */
export async function keepScreens(page: Page, name: { page: string; state: string }): Promise<void> {
  if (process.env['BANGUI_SCREENS'] === undefined) return
  for (const look of looks) {
    await wear(page, look)
    await keepScreen(page, look, name)
  }
}

/** Stores a screenshot of a page on which a test failed. */
export async function keepFailure(page: Page, title: string): Promise<void> {
  await page.screenshot({ path: join(results, 'failures', `${title.replaceAll(/\W+/g, '-')}.png`) })
}
