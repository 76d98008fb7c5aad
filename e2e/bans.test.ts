import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'
import type { World } from './support/world.ts'

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Active bans' }).getByRole('rowheader')
const addressesOf = (page: Page) => rowsOf(page).getByRole('link').allTextContents()

/** Opens the bans page with some addresses banned in two jails. */
async function openBans(world: World, bans: Readonly<Record<string, readonly string[]>> = {}) {
  const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
  const bangui = await world.bangui(daemon)
  const { page } = await world.visitor(bangui.url)
  await page.goto(`${bangui.url}bans`)
  await page.getByText('No active bans').waitFor()
  for (const [jail, addresses] of Object.entries(bans)) await attack(daemon, jail, addresses)
  const count = Object.values(bans).flat().length
  if (count > 0) await expect.poll(() => rowsOf(page).count()).toBe(count)
  const isBanned = async (address: string, jail = 'sshd') => (await bannedIn(daemon, jail)).includes(address)
  return { page, daemon, url: bangui.url, isBanned }
}

describe('the bans page', () => {
  test('shows bans as they happen, and removes them when fail2ban ends them', async ({ world }) => {
    const { page, daemon } = await openBans(world)
    await page.evaluate(() => Object.assign(window, { __mark: true }))
    await attack(daemon, 'sshd', ['203.0.113.7'])
    const row = page.getByRole('row', { name: '203.0.113.7' })
    await row.getByRole('link', { name: 'sshd' }).waitFor()
    await row.getByText('3 failures', { exact: true }).waitFor()
    await daemon.ask('set', 'sshd', 'unbanip', '203.0.113.7')
    await page.getByText('No active bans').waitFor()
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
  })

  test('searches by address, network, country and jail, and sorts, in the URL', async ({ world }) => {
    const { page, url } = await openBans(world, {
      sshd: ['77.88.8.8', '203.0.113.10', '203.0.113.9'],
      web: ['198.51.100.4'],
    })
    const search = page.getByRole('searchbox', { name: 'Search bans' })
    const found = async (words: string, addresses: readonly string[]) => {
      await search.fill(words)
      await expect.poll(async () => (await addressesOf(page)).toSorted()).toEqual(addresses)
    }
    await page.keyboard.press('/')
    await page.keyboard.type('203.0.113.')
    await expect.poll(() => addressesOf(page)).toHaveLength(2)
    await found('203.0.113.8/31', ['203.0.113.9'])
    await found('country:RU', ['77.88.8.8'])
    await found('jail:web', ['198.51.100.4'])
    expect(page.url()).toBe(`${url}bans?search=jail%3Aweb`)
    await page.reload()
    await expect.poll(() => addressesOf(page)).toEqual(['198.51.100.4'])
    await found('%', [])
    await page.getByText('No ban matches').waitFor()
    await page.getByRole('button', { name: 'Clear search' }).click()

    await page.getByRole('columnheader', { name: 'Address' }).getByRole('button').click()
    const ordered = ['77.88.8.8', '198.51.100.4', '203.0.113.9', '203.0.113.10']
    await expect.poll(() => addressesOf(page)).toEqual(ordered)
    await page.getByRole('columnheader', { name: 'Address' }).getByRole('button').click()
    await expect.poll(() => addressesOf(page)).toEqual(ordered.toReversed())
    expect(page.url()).toBe(`${url}bans?sort=-address`)
  })

  test('bans a pasted list after it showed what is wrong with it, and undoes that', async ({ world }) => {
    const { page, isBanned } = await openBans(world)
    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    await dialog.getByRole('combobox', { name: 'Jail' }).selectOption('sshd')
    await dialog
      .getByLabel('Addresses and networks')
      .fill('203.0.113.1, 203.0.113.2\n203.0.113.3 # thrice\n10.0.0.8\n999.1.1.1')
    await dialog.getByLabel('Reason').fill('scans us')
    const refused = dialog.getByRole('region', { name: 'What is not banned' })
    await refused
      .getByRole('listitem')
      .filter({ hasText: '10.0.0.8' })
      .getByText(/private/i)
      .waitFor()
    await refused.getByRole('listitem').filter({ hasText: '999.1.1.1' }).waitFor()
    expect(await refused.getByRole('listitem').count()).toBe(2)
    await dialog.getByRole('button', { name: 'Ban 3 addresses' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    await page.getByRole('row', { name: '203.0.113.3' }).getByText('scans us').waitFor()
    expect(await isBanned('203.0.113.2')).toBe(true)
    expect(await isBanned('10.0.0.8')).toBe(false)

    const notifications = page.getByRole('region', { name: /^Notifications/ })
    await notifications.getByText('3 addresses banned in sshd').waitFor()
    await notifications.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('No active bans').waitFor()
    expect(await isBanned('203.0.113.2')).toBe(false)
  })

  test('unbans selected bans together, and restores them with an undo', async ({ world }) => {
    const { page, isBanned } = await openBans(world, { sshd: ['203.0.113.1', '203.0.113.2', '203.0.113.3'] })
    await page.getByRole('checkbox', { name: 'Select 203.0.113.1 in sshd' }).check()
    await page.getByRole('checkbox', { name: 'Select 203.0.113.3 in sshd' }).check()
    const bar = page.getByRole('group', { name: 'Actions for the selected bans' })
    await bar.getByText('2 bans selected').waitFor()
    await bar.getByRole('button', { name: 'Unban' }).click()
    await expect.poll(() => addressesOf(page)).toEqual(['203.0.113.2'])
    expect(await isBanned('203.0.113.1')).toBe(false)
    await page
      .getByRole('region', { name: /^Notifications/ })
      .getByRole('button', { name: 'Undo' })
      .click()
    await expect.poll(() => addressesOf(page)).toHaveLength(3)
    expect(await isBanned('203.0.113.1')).toBe(true)
  })

  test('unbans a whole jail only after a confirmation, and no other jail loses a ban', async ({ world }) => {
    const { page, url, isBanned } = await openBans(world, {
      sshd: ['203.0.113.1', '203.0.113.2'],
      web: ['203.0.113.3'],
    })
    await page.goto(`${url}jails/sshd?tab=bans`)
    await page.getByRole('button', { name: 'Unban all' }).click()
    const dialog = page.getByRole('alertdialog', { name: 'Unban 2 addresses?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await isBanned('203.0.113.1')).toBe(true)
    await page.getByRole('button', { name: 'Unban all' }).click()
    await dialog.getByRole('button', { name: 'End 2 bans' }).click()
    await page.getByText('No active bans').waitFor()
    expect(await isBanned('203.0.113.1')).toBe(false)
    expect(await isBanned('203.0.113.3', 'web')).toBe(true)
  })
})
