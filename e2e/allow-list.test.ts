import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

describe('the allow list', () => {
  test('says what is never banned, where each entry holds and why, and is changed by keyboard and mouse', async ({
    world,
  }) => {
    const jails = [
      { name: 'sshd', options: { ignoreip: '192.0.2.50' } },
      { name: 'web' },
      { name: 'off', enabled: false },
    ]
    const daemon = await world.daemon({ jails })
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url)
    const ignored = async (jail: string) => (await daemon.client('get', jail, 'ignoreip')).output
    await page.goto(`${bangui.url}allow-list`)
    await page.getByText('Nothing is on the allow list yet').waitFor()
    await page
      .getByRole('row', { name: /192\.0\.2\.50/ })
      .getByText('sshd')
      .first()
      .waitFor()
    expect(await inspect(page, { page: 'allow-list', state: 'empty' })).toEqual([])

    await page.getByRole('button', { name: 'Add entry' }).first().focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Add to the allow list' })
    await dialog.getByLabel('Address, network or host name').press('Enter')
    await dialog.getByText('Enter an address.').waitFor()
    await dialog.getByLabel('Address, network or host name').fill('203.0.113.9/24')
    await dialog.getByLabel('Note (optional)').fill('the office')
    expect(await inspect(page, { page: 'allow-list', state: 'add' })).toEqual([])
    await keepScreens(page, { page: 'allow-list-add', state: 'filled' })
    await dialog.getByLabel('Note (optional)').press('Enter')
    await dialog.waitFor({ state: 'detached' })
    const row = page.getByRole('row', { name: /203\.0\.113\.0\/24/ })
    await row.getByText('In 2 jails').waitFor()
    await row.getByText('the office').waitFor()
    for (const jail of ['sshd', 'web']) expect(await ignored(jail)).toContain('203.0.113.0/24')

    await page.getByRole('button', { name: 'Add entry' }).first().click()
    faults.allow(/409/)
    await dialog.getByLabel('Address, network or host name').fill('44.0.0.0/7')
    await dialog.getByText('1 hour').click()
    await dialog.getByLabel('For').selectOption('web')
    await dialog.getByRole('button', { name: 'Add entry' }).click()
    await dialog.getByText(/wider than \/8/).waitFor()
    await dialog.getByLabel('Address, network or host name').fill('2001:db8::9')
    await dialog.getByRole('button', { name: 'Add entry' }).click()
    const guest = page.getByRole('row', { name: /2001:db8::9/ })
    await guest.getByText('Holds').waitFor()
    await guest.getByText(/^in (1 hr|60 min|59 min|1 hour)/).waitFor()

    const check = page.getByRole('region', { name: 'Would it be banned?' })
    await check.getByLabel('Address').fill('203.0.113.9')
    await check.getByRole('button', { name: 'Check' }).click()
    await check.getByText('No jail would ban 203.0.113.9.').waitFor()
    await check
      .getByText('The allow list has 203.0.113.0/24, added by admin: “the office”.')
      .first()
      .waitFor()
    await check.getByLabel('Address').fill('198.51.100.1')
    await check.getByLabel('Address').press('Enter')
    await check.getByText('198.51.100.1 would be banned by 2 jails.').waitFor()
    // on a phone, they would cover what is at the end of the page
    const dismiss = page.getByRole('button', { name: 'Dismiss' })
    while ((await dismiss.count()) > 0) await dismiss.first().click()
    expect(await inspect(page, { page: 'allow-list', state: 'entries' })).toEqual([])
    await keepScreens(page, { page: 'allow-list', state: 'entries' })

    await row.getByRole('button', { name: 'Actions for 203.0.113.0/24' }).click()
    await page.getByRole('menuitem', { name: 'Details…' }).click()
    const details = page.getByRole('dialog', { name: '203.0.113.0/24' })
    await details
      .getByText(/zz-bangui\.local/)
      .first()
      .waitFor()
    expect(await inspect(page, { page: 'allow-list', state: 'details' })).toEqual([])
    await keepScreens(page, { page: 'allow-list-details', state: 'open' })
    await details.getByLabel('Note').fill('the new office')
    await details.getByRole('button', { name: 'Save' }).click()
    await row.getByText('the new office').waitFor()

    await row.getByRole('button', { name: 'Actions for 203.0.113.0/24' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.poll(() => row.count()).toBe(0)
    expect(await ignored('web')).not.toContain('203.0.113.0/24')
    const notifications = page.getByRole('region', { name: /^Notifications/ })
    await notifications.getByRole('button', { name: 'Undo' }).last().click()
    await row.getByText('In 2 jails').waitFor()

    await page.getByRole('button', { name: 'Import…' }).click()
    const importing = page.getByRole('dialog', { name: 'Import entries' })
    await importing.getByLabel('Entries').fill('192.0.2.77 # a friend\n1.2.3.256')
    await importing.getByRole('button', { name: 'Import 2 entries' }).click()
    await importing.getByText('1 entry was not added.').waitFor()
    expect(await inspect(page, { page: 'allow-list', state: 'import' })).toEqual([])
    await importing.getByRole('button', { name: 'Close' }).first().click()
    await page
      .getByRole('row', { name: /192\.0\.2\.77/ })
      .getByText('a friend')
      .waitFor()

    const self = page.getByRole('switch', { name: 'web' })
    await self.click()
    await expect
      .poll(async () => (await daemon.client('get', 'web', 'ignoreself')).output.trim())
      .toMatch(/false/i)

    await page.goto(`${bangui.url}addresses/198.51.100.1`)
    await page.getByRole('button', { name: 'Never ban' }).click()
    await page.getByRole('menuitem', { name: 'In every jail, for 7 days' }).click()
    await page.getByText('198.51.100.1 is never banned').waitFor()
    await page.getByText('Never banned by fail2ban.').waitFor()
    await keepScreens(page, { page: 'address', state: 'allowed' })
  })
})
