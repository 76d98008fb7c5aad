import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack, crashUnsaved } from './support/attack.ts'
import { test } from './support/test.ts'

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Active bans' }).getByRole('rowheader')
const historyOf = (page: Page) =>
  page
    .getByRole('list', { name: 'Activity, newest first' })
    .getByRole('listitem')
    .filter({ hasText: 'Banned' })

describe('the list of bans', () => {
  test('survives a restart of fail2ban: no ban disappears, none is reported twice', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7', '203.0.113.8'])
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    await daemon.stop()
    await page
      .getByRole('alert')
      .getByText(/fail2ban is (not running|down)/)
      .waitFor()
    await daemon.start()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await attack(daemon, 'sshd', ['203.0.113.9'])
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    await page.goto(`${bangui.url}activity`)
    await expect.poll(() => historyOf(page).count()).toBe(3)
  })

  test('survives a kill of BanGUI: what happened meanwhile is there when the page is back', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const proxy = await world.proxy(bangui.url)
    const { page, faults } = await world.visitor(proxy.url)
    await page.goto(`${proxy.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await expect.poll(() => rowsOf(page).count()).toBe(1)
    await page.evaluate(() => Object.assign(window, { __mark: true }))

    faults.allow(/50[0-9]|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|EventSource/)
    await bangui.kill('SIGKILL')
    await attack(daemon, 'sshd', ['203.0.113.8'])
    await expect.poll(() => bannedIn(daemon, 'sshd')).toContain('203.0.113.8')
    proxy.target = (await world.bangui(daemon)).url
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await expect.poll(() => historyOf(page).count()).toBe(2)
  })

  test('names the bans that a crash of fail2ban lost, and bans them again', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await daemon.ask('set', 'sshd', 'banip', '203.0.113.8')
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    await crashUnsaved(daemon, ['203.0.113.8'])
    await daemon.start()
    const alert = page.getByRole('alert').filter({ hasText: 'lost in the crash' })
    await alert.getByText('1 ban of sshd').waitFor()
    await alert.getByRole('button', { name: 'Ban again' }).click()
    await expect.poll(() => alert.count()).toBe(0)
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    expect(await bannedIn(daemon, 'sshd')).toContain('203.0.113.8')
  })
})
