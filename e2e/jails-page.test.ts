import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack } from './support/attack.ts'
import { inspect } from './support/inspect.ts'
import { looks } from './support/looks.ts'
import { keepScreen, wear } from './support/screens.ts'
import { test } from './support/test.ts'
import type { World } from './support/world.ts'

const sizes = looks.filter(({ theme }) => theme === 'light')

/** Opens the page of the jail sshd of a real fail2ban. */
async function openJail(world: World) {
  const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }, { name: 'web' }] })
  const bangui = await world.bangui(daemon)
  const { page, faults } = await world.visitor(bangui.url)
  await page.goto(`${bangui.url}jails/sshd`)
  await page.getByText('Enabled and running.').waitFor()
  const menu = async (item: string) => {
    await page.getByRole('button', { name: 'Actions for sshd' }).click()
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  return { page, faults, daemon, bangui, menu }
}

const open = (page: Page, tab: string) => page.getByRole('tab', { name: tab, exact: true }).click()

const scrollsSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

describe('the page of a jail', () => {
  for (const look of sizes)
    test(`has a tab for each subject (${look.name})`, async ({ world }) => {
      const { page, daemon } = await openJail(world)
      await wear(page, look)
      const keep = async (part: string) => {
        expect(await scrollsSideways(page)).toBe(false)
        await keepScreen(page, look, { page: 'jail', state: part })
      }
      await page.getByRole('textbox', { name: 'Ban time' }).waitFor()
      await page.getByText('Bans an address for 1 h after 3 failures within 10 min.').waitFor()
      await attack(daemon, 'sshd', ['203.0.113.7', '203.0.113.8'])
      await expect.poll(() => page.getByText('Banned now').locator('..').textContent()).toContain('2')
      await keep('now')

      await open(page, 'Bans')
      const bans = page.getByRole('table', { name: 'Active bans' })
      await expect.poll(() => bans.getByRole('rowheader').count()).toBe(2)
      await keep('bans')

      await open(page, 'Settings')
      await page.getByRole('row', { name: 'logpath' }).getByText(daemon.configDir).first().waitFor()
      await keep('settings')

      await open(page, 'Filter')
      await page
        .getByRole('region', { name: 'Patterns' })
        .getByText('^.*Failed login for .* from <ADDR>$')
        .waitFor()
      await page.getByRole('row', { name: 'usedns' }).getByText('no', { exact: true }).waitFor()
      await keep('filter')

      await open(page, 'Actions')
      await page.getByRole('row', { name: 'bantime' }).first().getByText('1h', { exact: true }).waitFor()
      await keep('actions')

      await open(page, 'Log')
      const happened = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem')
      await happened.filter({ hasText: '203.0.113.8' }).filter({ hasText: 'Banned' }).waitFor()
      await page.mouse.move(0, 0)
      await attack(daemon, 'sshd', ['203.0.113.9'])
      await happened.filter({ hasText: '203.0.113.9' }).filter({ hasText: 'Banned' }).waitFor()
      await keep('log')

      await page.goBack()
      await page.getByRole('tab', { name: 'Actions', selected: true }).waitFor()
    })

  test('says that the jail is idle, also after a restart of BanGUI, until it is resumed or reloaded', async ({
    world,
  }) => {
    const { page, daemon, menu, bangui, faults } = await openJail(world)
    await menu('Pause (idle)')
    await page.getByText('sshd is idle.').waitFor()
    faults.allow(/ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|EventSource/)
    await bangui.kill('SIGTERM')
    await page.goto(`${(await world.bangui(daemon)).url}jails/sshd`)
    await page.getByText('sshd is idle.').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await page.getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => page.getByText('sshd is idle.').count()).toBe(0)
    // it now finds what was logged while it was idle
    await expect.poll(() => bannedIn(daemon, 'sshd')).toContain('203.0.113.7')

    await menu('Pause (idle)')
    await page.getByText('sshd is idle.').waitFor()
    // not through BanGUI
    await daemon.client('reload', 'sshd')
    await expect.poll(() => page.getByText('sshd is idle.').count()).toBe(0)
  })

  test('tunes the jail until the next reload, and shows its values afterwards', async ({ world }) => {
    const { page, daemon, menu } = await openJail(world)
    const bantime = page.getByRole('textbox', { name: 'Ban time' })
    await bantime.fill('2h')
    await page.getByRole('button', { name: 'Apply until reload' }).click()
    await expect.poll(async () => (await daemon.client('get', 'sshd', 'bantime')).output).toContain('7200')
    await menu('Reload')
    await expect.poll(async () => (await daemon.client('get', 'sshd', 'bantime')).output).toContain('3600')
    await expect.poll(() => bantime.inputValue()).toBe('1h')
  })

  test('says when the jail is removed from the configuration while the page is open', async ({ world }) => {
    const { page, daemon, faults } = await openJail(world)
    faults.allow(/404/)
    await page.getByRole('textbox', { name: 'Ban time' }).waitFor()
    const file = join(daemon.configDir, 'jail.conf')
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^\[sshd\]\n(?:(?!\[).*\n)*/m, ''))
    await writeFile(join(daemon.configDir, 'jail.d', 'defaults.conf'), '[web]\nenabled = true\n')
    await daemon.client('reload')
    await page.getByText('sshd no longer exists').waitFor()
    await page.getByRole('link', { name: 'Its bans' }).click()
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  })
})

describe('a maintenance pause', () => {
  test('sets all jails idle, says so to everybody, and is ended with one click', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}jails`)
    await page.getByRole('button', { name: 'Pause all jails…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pause all jails?' })
    await dialog.getByLabel('For how long').selectOption('30 minutes')
    await dialog.getByLabel('Reason').fill('new disks')
    expect(await inspect(page, { page: 'jails', state: 'pause-dialog' })).toEqual([])
    await dialog.getByLabel('Reason').focus()
    await dialog.getByRole('button', { name: 'Pause all jails' }).press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText(/^Maintenance pause until .*: 2 jails ban nobody\.$/).waitFor()
    await page.getByText('new disks').waitFor()
    expect(await inspect(page, { page: 'jails', state: 'pause' })).toEqual([])
    await page.getByRole('button', { name: 'Resume now' }).click()
    await expect.poll(() => page.getByText(/^Maintenance pause until/).count()).toBe(0)
    await attack(daemon, 'sshd', ['203.0.113.7'])
  })
})
