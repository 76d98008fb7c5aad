import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

describe('an address inside a banned network', () => {
  test('is shown as banned by the network, which can be unbanned from there', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await daemon.ask('set', 'sshd', 'banip', '203.0.113.0/24')
    await page.goto(`${bangui.url}bans?search=203.0.113.77`)
    await page.getByText('203.0.113.77 is covered by the ban on 203.0.113.0/24.').waitFor()
    expect(await inspect(page, { page: 'bans', state: 'covered' })).toEqual([])

    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    await dialog.getByLabel('Addresses and networks').fill('203.0.113.77\n45.1.1.1\n0.0.0.0/0')
    await dialog.getByText('1 address is already covered by another ban.').waitFor()
    await dialog.getByText('fail2ban cannot ban a network of length 0').waitFor()
    expect(await inspect(page, { page: 'ban-dialog', state: 'covered' })).toEqual([])
    await dialog.getByRole('button', { name: 'Ban 2 addresses' }).click()
    await page.getByText(/1 was already covered by another ban/).waitFor()

    await page.goto(`${bangui.url}addresses/203.0.113.77`)
    await page.getByText(/^Banned now in /).waitFor()
    await page.getByText(/It stays banned while the ban on 203\.0\.113\.0\/24 lasts\./).waitFor()
    await page.getByRole('button', { name: 'Unban', exact: true }).click()
    await page.getByText('203.0.113.77 is still banned').waitFor()
    await page.getByText('Covered by the ban on 203.0.113.0/24 in sshd.').waitFor()
    expect(await inspect(page, { page: 'address', state: 'covered' })).toEqual([])
    await page.locator('#main').getByRole('button', { name: 'Unban the network' }).click()
    await page.getByText(/^Not banned/).waitFor()
    expect((await bannedIn(daemon, 'sshd')).join()).not.toContain('203.0.113')
  })
})

describe('a very wide network', () => {
  test('is added to an ignore list only after a confirmation', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url)
    faults.allow(/409/)
    await page.goto(`${bangui.url}jails/sshd`)
    await page.getByLabel('Never ban').fill('44.0.0.0/7')
    await page.getByRole('button', { name: 'Apply until reload' }).click()
    await page.getByText('The network 44.0.0.0/7 is wider than /8').waitFor()
    expect(await inspect(page, { page: 'jail', state: 'wide-ignore' })).toEqual([])
    await page.getByRole('button', { name: 'Ignore it anyway' }).click()
    await page.getByText('sshd is changed').waitFor()
    expect((await daemon.client('get', 'sshd', 'ignoreip')).output).toContain('44.0.0.0/7')
  })
})
