import type { Locator, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack } from './support/attack.ts'
import { administrator } from './support/bangui.ts'
import { looks } from './support/looks.ts'
import { keepScreen, wear } from './support/screens.ts'
import { test } from './support/test.ts'

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Active bans' }).getByRole('rowheader')
const notifications = (page: Page) => page.getByRole('region', { name: /^Notifications/ })
const [desk, hand] = looks.filter(({ theme }) => theme === 'light')

/** Waits until a visible element has the focus. */
const hasFocus = (page: Page) => page.evaluate(() => document.activeElement !== document.body)

/** Pastes text as a person does: filling in a long text line by line is too slow. */
async function paste(page: Page, field: Locator, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await field.focus()
  await page.keyboard.press('Control+V')
}

describe('bans in difficult situations', () => {
  test('are reported as ended to both of two people who unban the same address', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const people = [await world.visitor(bangui.url), await world.visitor(bangui.url)]
    for (const { page } of people) await page.goto(`${bangui.url}bans`)
    await attack(daemon, 'sshd', ['203.0.113.7'])
    // both have selected it before either acts: their lists do not move
    for (const { page } of people)
      await page.getByRole('checkbox', { name: 'Select 203.0.113.7 in sshd' }).check()
    for (const { page } of people) {
      await page.getByRole('button', { name: 'Unban', exact: true }).click()
      await notifications(page).getByText('203.0.113.7 unbanned').waitFor()
    }
    for (const { page } of people) await page.getByText('No active bans').waitFor()
    await notifications(people[1]!.page).getByText('1 ban had already ended.').waitFor()
    expect(await bannedIn(daemon, 'sshd')).not.toContain('203.0.113.7')
  })

  test('are ended and restored by keyboard alone, and the focus is never lost', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    await page.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Unban', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    await expect.poll(() => hasFocus(page)).toBe(true)
    await page.keyboard.press('Alt+t')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    await expect.poll(() => hasFocus(page)).toBe(true)

    const menu = page.getByRole('button', { name: 'Actions for 203.0.113.3' })
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Unban in sshd' }).waitFor()
    await page.keyboard.type('Unban')
    await page.keyboard.press('Enter')
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    await expect.poll(() => hasFocus(page)).toBe(true)
  })

  test('with a custom duration are restored for the rest of it', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    await dialog.getByLabel('Addresses and networks').fill('203.0.113.7')
    await dialog.getByText('Custom', { exact: true }).click()
    await dialog.getByLabel('How many').fill('20')
    await dialog.getByLabel('Unit').selectOption('minutes')
    await dialog.getByLabel('Reason').fill('scans us')
    await dialog.getByRole('button', { name: 'Ban 1 address' }).click()
    const row = page.getByRole('row', { name: '203.0.113.7' })
    await row.getByText(/^(20|19) min/).waitFor()
    await page.getByRole('button', { name: 'Actions for 203.0.113.7' }).click()
    await page.getByRole('menuitem', { name: 'Unban in sshd' }).click()
    await page.getByText('No active bans').waitFor()
    await notifications(page).getByRole('button', { name: 'Undo' }).last().click()
    await row.getByText(/^(20|19) min/).waitFor()
    await row.getByText('scans us').waitFor()
    expect(await bannedIn(daemon, 'sshd')).toContain('203.0.113.7')
  })

  test('end when the address is added to the allow list, and both are undone', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    const settingOf = async (key: string) => (await daemon.client('get', 'sshd', key)).output
    await page.getByRole('button', { name: 'Actions for 203.0.113.7' }).click()
    await page.getByRole('menuitem', { name: 'Never ban in sshd' }).click()
    await page.getByText('No active bans').waitFor()
    expect(await settingOf('ignoreip')).toContain('203.0.113.7')
    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => rowsOf(page).count()).toBe(1)
    expect(await settingOf('ignoreip')).not.toContain('203.0.113.7')
    expect(await settingOf('banip')).toContain('203.0.113.7')
  })

  test('that were being filled in are restored after the session ended', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page, context, faults } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    await dialog.getByLabel('Addresses and networks').fill('203.0.113.7\n203.0.113.8')
    await dialog.getByRole('button', { name: 'Ban 2 addresses' }).waitFor()
    faults.allow(/401/)
    await context.clearCookies()
    await dialog.getByLabel('Reason').fill('scans us')
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await dialog.getByRole('button', { name: 'Ban 2 addresses' }).click()
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    await page.getByRole('row', { name: '203.0.113.8' }).getByText('scans us').waitFor()
  })

  test('do not move under the pointer, whatever comes and whatever is selected', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('No active bans').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.1', '203.0.113.2'])
    await expect.poll(() => rowsOf(page).count()).toBe(2)
    const box = page.getByRole('checkbox', { name: 'Select 203.0.113.2 in sshd' })
    const before = await box.boundingBox()
    await box.hover()
    await attack(daemon, 'sshd', ['203.0.113.3'])
    await page.getByRole('button', { name: '1 new ban: show' }).waitFor()
    // not even by a refetch some seconds later
    await page.getByText('10 sec ago').first().waitFor()
    expect(await box.boundingBox()).toEqual(before)
    await box.check()
    await page.getByText('1 ban selected').waitFor()
    expect(await box.boundingBox()).toEqual(before)
    await page.getByRole('button', { name: '1 new ban: show' }).click()
    await expect.poll(() => rowsOf(page).count()).toBe(3)
  })

  test('of a pasted list of 5,000 with errors are made on a phone, and undone', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await wear(page, hand!)
    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    const good = Array.from({ length: 4_700 }, (_, index) => `203.${index >> 8}.${index & 255}.9`)
    const bad = Array.from({ length: 300 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)
    await paste(page, dialog.getByLabel('Addresses and networks'), [...bad, ...good].join('\n'))
    await dialog.getByText('300 entries will not be banned:').waitFor()
    await dialog.getByRole('button', { name: 'Show 250 more' }).waitFor()
    await keepScreen(page, hand!, { page: 'bans', state: 'pasted' })
    await dialog.getByRole('button', { name: 'Ban 4,700 addresses' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    await page.getByText('4,700 bans', { exact: true }).waitFor()
    expect(await bannedIn(daemon, 'sshd')).toHaveLength(4_700)

    await notifications(page).getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => page.getByText('No active bans').count()).toBe(1)
    await wear(page, desk!)
  })
})
