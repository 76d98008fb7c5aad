import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack } from './support/attack.ts'
import { inspect } from './support/inspect.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

describe('the page of an address', () => {
  test('shows live whether the address is banned, and unbans it', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}addresses/203.0.113.7`)
    await page.getByText('Not banned.').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await page.getByText('Banned now in sshd.').waitFor()
    // fail2ban deletes the cause of a ban together with the ban; BanGUI keeps it
    const lines = page.getByRole('region', { name: 'Log lines that caused the ban' })
    await lines.waitFor()
    await page.getByRole('button', { name: 'Unban in sshd' }).click()
    await page.getByText(/^Not banned/).waitFor()
    expect(await bannedIn(daemon, 'sshd')).not.toContain('203.0.113.7')
    await lines.waitFor()

    await page
      .getByRole('region', { name: /^Notifications/ })
      .getByRole('button', { name: 'Undo' })
      .click()
    await page.getByText('Banned now in sshd.').waitFor()
    await daemon.ask('set', 'sshd', 'unbanip', '203.0.113.7')
    await page.getByText(/^Not banned/).waitFor()
  })

  test('keeps a line of a ban as a test of the filter, which then stops a change that breaks it', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    await writeFile(join(daemon.configDir, 'jail.d', 'own.local'), '[sshd]\n')
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}addresses/203.0.113.7`)
    await page.getByText('Not banned.').waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await page.getByRole('button', { name: 'Keep as test of filter sshd' }).first().click()
    await page.getByText('The line is kept as a test of sshd.').waitFor()
    expect(await inspect(page, { page: 'address', state: 'keep-test' })).toEqual([])
    await keepScreens(page, { page: 'address', state: 'filter-tests' })

    await page.goto(`${bangui.url}configuration/files/jail.d/own.local`)
    await page.getByRole('textbox', { name: 'Text of jail.d/own.local' }).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('failregex = ^never <HOST>$')
    await page.getByRole('button', { name: 'Review and apply' }).click()
    const dialog = page.getByRole('dialog', { name: 'Review the draft' })
    await dialog.getByText('1 test of 1 fails with this change').waitFor()
    await dialog.getByText('sshd in jail sshd: must match as 203.0.113.7').waitFor()
    const applying = dialog.getByRole('button', { name: 'Apply changes' })
    expect(await applying.count()).toBe(0)
    expect(await inspect(page, { page: 'configuration', state: 'filter-tests' })).toEqual([])
    await keepScreens(page, { page: 'review', state: 'filter-tests' })
    await dialog.getByLabel('Apply the change although tests fail').check()
    await applying.waitFor()
  })

  test('shows text from attackers in the log as text', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}addresses/203.0.113.7`)
    await page.getByText('Not banned.').waitFor()
    const hostile = '<img src=x onerror=window.__hit=1>'
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', '203.0.113.7', hostile)
    const lines = page.getByRole('region', { name: 'Log lines that caused the ban' })
    await expect.poll(() => lines.textContent()).toContain(hostile)
    expect(await lines.locator('img').count()).toBe(0)
    expect(await page.evaluate(() => '__hit' in window)).toBe(false)
  })

  test('accepts another spelling and a network, and reports an invalid address', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}addresses/2001:0DB8:0:0::7`)
    await page.getByRole('heading', { name: '2001:db8::7', level: 1 }).waitFor()
    await page.goto(`${bangui.url}addresses/${encodeURIComponent('203.0.113.0/24')}`)
    await page.getByRole('heading', { name: '203.0.113.0/24', level: 1 }).waitFor()
    faults.allow(/400/)
    await page.goto(`${bangui.url}addresses/nonsense`)
    await page.getByText('"nonsense" is not a valid address').waitFor()
  })
})
