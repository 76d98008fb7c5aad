import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Look } from './looks.ts'

const folder = fileURLToPath(new URL('../../test-results/screens', import.meta.url))

/** Changes the window's size and the theme of the device. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' })
  await page.setViewportSize(look.viewport)
}

/** Keeps a picture of a page for people to look at. */
export async function keepScreen(
  page: Page,
  look: Look,
  name: { page: string; state?: string },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const file = [name.page, look.name, name.state].filter(Boolean).join('-')
  await page.screenshot({ path: join(folder, `${file}.png`) })
}
