import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { startGateProxy } from './support/gate-proxy.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'
import type { World } from './support/world.ts'

/** A fail2ban whose `sshd` watches the way in: any change of it can lock people out. */
async function openWorld(world: World, seconds: number) {
  // the address of the test is that of this machine
  const sshd = { name: 'sshd', maxretry: 3, options: { ignoreself: 'false', ignoreip: '' } }
  const daemon = await world.daemon({ jails: [sshd, { name: 'web' }] })
  const bangui = await world.bangui(daemon, { BANGUI_CONFIRM_CHANGES_SECONDS: String(seconds) })
  const written = () =>
    readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null)
  return { bangui, daemon, written }
}

/** Puts a ban time of sshd into the draft, and opens the review. */
async function reviewChange(page: Page, url: string) {
  await page.goto(`${url}configuration/jails/sshd`)
  const row = page.locator('article', { has: page.getByRole('heading', { name: 'Ban time', exact: true }) })
  await row.getByRole('button', { name: 'Change Ban time' }).click()
  await row.getByRole('textbox', { name: 'Ban time' }).fill('3h')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Review and apply' }).click()
  await page.getByText('This change is kept only if you still reach BanGUI afterwards').waitFor()
  return page.getByRole('button', { name: 'Apply changes' })
}

const waiting = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'A change is waiting to be confirmed: Changing jail sshd' })

describe('a change that can lock people out', () => {
  test('is confirmed by the page that applied it, and kept', async ({ world }) => {
    const { bangui, written } = await openWorld(world, 60)
    const { page } = await world.visitor(bangui.url)
    const apply = await reviewChange(page, bangui.url)
    await apply.click()
    const dialog = page.getByRole('dialog', { name: 'Apply the changes' })
    await dialog.getByText('The change is loaded and waiting to be confirmed').waitFor()
    await dialog.getByText('The change is kept').waitFor()
    expect(await waiting(page).count()).toBe(0)
    expect(await written()).toContain('bantime = 3h')
  })

  test('waits with a notice on every page, also after a reload, from where it is rolled back', async ({
    world,
  }) => {
    const { bangui, daemon, written } = await openWorld(world, 600)
    for (let failures = 0; failures < 3; failures += 1) await daemon.logFailure('sshd', '127.0.0.1')
    const { page } = await world.visitor(bangui.url)
    const apply = await reviewChange(page, bangui.url)
    await page.getByText('This would have banned 127.0.0.1, from which admin has signed in').waitFor()
    expect(await inspect(page, { page: 'confirm', state: 'review' })).toEqual([])
    await apply.click()
    await page.getByText('1 of 2').waitFor()
    expect(await inspect(page, { page: 'confirm', state: 'dialog' })).toEqual([])
    await page.reload()
    await waiting(page).getByText('sshd watches SSH or BanGUI').waitFor()
    expect(await inspect(page, { page: 'confirm', state: 'notice' })).toEqual([])
    const other = await world.visitor(bangui.url)
    await waiting(other.page).getByRole('button', { name: 'Keep' }).waitFor()
    await waiting(other.page).getByRole('button', { name: 'Roll back now' }).click()
    const rolledBack = '“Changing jail sshd” was rolled back, because nobody confirmed it'
    await page.getByText(rolledBack).waitFor()
    expect(await inspect(page, { page: 'confirm', state: 'rolled-back' })).toEqual([])
    expect(await written()).toBeNull()
  })

  test('that locks the page out comes back by itself', async ({ world }) => {
    const { bangui, written } = await openWorld(world, 4)
    await using gate = await startGateProxy(bangui.url)
    const { page, faults } = await world.visitor(gate.url)
    const other = await world.visitor(bangui.url)
    const apply = await reviewChange(page, gate.url)
    faults.allow(/ERR_|EventSource|Failed to load resource/)
    gate.closesWithServer = true
    await apply.click()
    await expect.poll(() => gate.isClosed).toBe(true)
    const rolledBack = '“Changing jail sshd” was rolled back, because nobody confirmed it'
    await other.page.getByText(rolledBack).waitFor()
    expect(await written()).toBeNull()
    gate.open()
    await page.getByText(rolledBack).waitFor()
    await page
      .getByRole('dialog')
      .getByText('The change is rolled back, because it was not confirmed')
      .waitFor()
  })
})
