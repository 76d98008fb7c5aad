import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

/** The checks begin a minute after fail2ban has started. */
const SETTLED = { timeout: 180_000 }

describe('the page of the protection', () => {
  test('has a problem from when it begins until its fix is applied, on every page', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', findtime: 0 }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'State' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').fill('protection')
    await page.keyboard.press('Enter')
    await page.getByText('fail2ban has just been started or reloaded.').waitFor()
    await page.getByText('Not everything has been checked yet').waitFor()
    expect(await inspect(page, { page: 'protection', state: 'waiting' })).toEqual([])

    const proof = page.getByRole('region', { name: 'Does the ban block?' })
    await proof.getByLabel('Jail').selectOption('web')
    await proof.getByRole('button', { name: 'Test a ban' }).click()
    await proof.getByText('Bans of web do not block.').waitFor()
    await proof.getByText('No action of web blocks addresses').first().waitFor()
    expect(await inspect(page, { page: 'protection', state: 'test-ban' })).toEqual([])
    await keepScreens(page, { page: 'test-ban', state: 'protection' })

    const name = /^sshd: findtime is 0/
    const finding = page.getByRole('article', { name })
    await finding.waitFor(SETTLED)
    await finding.getByText('Critical').waitFor()
    await finding.getByRole('button', { name: 'What was seen' }).click()
    expect(await inspect(page, { page: 'protection', state: 'finding' })).toEqual([])

    await page.goto(bangui.url)
    const state = page.getByRole('region', { name: 'State' })
    await state.getByRole('link', { name: /^1 critical problem/ }).waitFor()
    await keepScreens(page, { page: 'overview', state: 'protection' })
    await state.getByRole('link', { name: /^1 critical problem/ }).click()
    await finding.getByRole('link', { name: 'sshd' }).click()
    await page.getByText(/^Protection: 1 critical problem/).waitFor()
    await keepScreens(page, { page: 'jail', state: 'protection' })
    await page.getByRole('link', { name: 'See what was found' }).click()
    await page.getByText('Only findings about the jail sshd are shown.').waitFor()

    // by keyboard
    await finding.getByRole('button', { name: 'Accept…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Reason').fill('Being tested')
    expect(await inspect(page, { page: 'protection', state: 'accept' })).toEqual([])
    await page.getByLabel('Reason').focus()
    await page.keyboard.press('Enter')
    const accepted = page.getByRole('region', { name: 'Accepted' })
    await accepted.getByText('admin: “Being tested”').waitFor()
    await expect.poll(() => finding.count()).toBe(0)
    await page.getByRole('link', { name: 'Show all' }).click()
    expect(await inspect(page, { page: 'protection', state: 'accepted' })).toEqual([])
    await accepted
      .getByRole('button', { name })
      .or(accepted.getByRole('button', { name: /^Withdraw acceptance/ }))
      .click()
    await finding.waitFor()

    await finding.getByRole('button', { name: 'Change the configuration…' }).click()
    const fix = page.getByRole('dialog', { name: /^Change the configuration: sshd: findtime is 0/ })
    await fix.getByText('fail2ban has tested the change on a copy of the configuration.').waitFor()
    await fix.getByText('+findtime = 10m').waitFor()
    expect(await inspect(page, { page: 'protection', state: 'fix' })).toEqual([])
    await keepScreens(page, { page: 'fix', state: 'protection' })
    await fix.getByRole('button', { name: 'Apply change' }).click()
    await fix.waitFor({ state: 'detached' })
    expect((await daemon.client('get', 'sshd', 'findtime')).output.trim()).toBe('600')
    // the checks begin again a minute after the load
    await expect.poll(() => finding.count(), SETTLED).toBe(0)
    expect((await daemon.client('get', 'sshd', 'findtime')).output.trim()).toBe('600')
    await page.getByRole('button', { name: /^Solved/ }).click()
    await page.getByRole('heading', { name }).waitFor()
    await page.getByRole('button', { name: /^What is fine/ }).click()
    await page.getByRole('button', { name: /^What does not apply here/ }).click()
    await page.getByText('No jail blocks with iptables or nftables.').scrollIntoViewIfNeeded()
    await keepScreens(page, { page: 'does-not-apply', state: 'protection' })
    expect(await inspect(page, { page: 'protection', state: 'solved' })).toEqual([])
  })
})
