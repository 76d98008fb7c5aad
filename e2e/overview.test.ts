import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

const rowOf = (page: Page, jail: string) =>
  page.getByRole('region', { name: 'Jails' }).getByRole('listitem').filter({ hasText: jail })

/** One of the numbers at the top. */
const metricOf = (page: Page, name: string) =>
  page.getByRole('link', { name, exact: true }).locator('xpath=../..')

describe('the overview page', () => {
  test('counts a ban in place while it is open', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    const row = rowOf(page, 'sshd')
    await row.getByText('0 banned', { exact: true }).waitFor()
    const state = page.getByRole('region', { name: 'State' })
    await state.getByText('All 2 enabled jails are running').waitFor()
    const element = await row.elementHandle()

    await daemon.logFailure('sshd', '203.0.113.7')
    await row.getByText('1 failing', { exact: true }).waitFor()
    for (let failure = 0; failure < 2; failure += 1) await daemon.logFailure('sshd', '203.0.113.7')
    await row.getByText('1 banned', { exact: true }).waitFor()
    // the row is the same element: it was not recreated
    expect(await element?.evaluate((node) => node.isConnected)).toBe(true)
    await rowOf(page, 'nginx').getByText('0 banned', { exact: true }).waitFor()
    await metricOf(page, 'Bans').getByText('1', { exact: true }).waitFor()
    await metricOf(page, 'Failures').getByText('3', { exact: true }).waitFor()
    await metricOf(page, 'Banned now').getByText('1', { exact: true }).waitFor()
    const feed = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem')
    await feed.filter({ hasText: '203.0.113.7' }).getByText('Banned').waitFor()

    await page.getByRole('link', { name: 'Banned now' }).click()
    await expect.poll(() => page.url()).toBe(`${bangui.url}bans`)
    await page.getByRole('row', { name: '203.0.113.7' }).getByRole('link', { name: 'sshd' }).waitFor()
  })

  test('says within a moment why fail2ban is down and what to do, and when it is back', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    // found by an event, not by the next probe
    const bangui = await world.bangui(daemon, { BANGUI_PROBE_INTERVAL_SECONDS: '3600' })
    const { page, faults } = await world.visitor(bangui.url)
    await page.getByText('All is guarded').or(page.getByText('The enabled jail is running')).waitFor()
    await page.evaluate(() => Object.assign(window, { __mark: true }))

    await daemon.stop()
    const alert = page.getByRole('alert')
    await alert.getByText(/fail2ban is (not running|down)/).waitFor()
    await page.getByText('Nobody is being banned', { exact: true }).waitFor()
    expect(await page.title()).toMatch(/^Down · Overview/)
    await alert.getByRole('button', { name: 'What to do' }).click()
    await alert.getByText(/^sudo fail2ban-server .* start$/).waitFor()
    expect(faults.found).toEqual([])

    await alert.getByRole('button', { name: 'Start fail2ban' }).click()
    await page.getByText('The enabled jail is running').waitFor()
    await expect.poll(() => alert.count()).toBe(0)
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
  })

  test('recovers automatically when fail2ban is started by other means', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByText('The enabled jail is running').waitFor()
    await daemon.kill('SIGKILL')
    await page.getByRole('alert').getByText('fail2ban is down').waitFor()
    await daemon.start()
    // a check of the protection may have seen fail2ban down, and runs again within a minute
    await page.getByRole('region', { name: 'State' }).getByText('1 running', { exact: true }).waitFor()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })

  test('explains jails if none is enabled', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', enabled: false }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('link', { name: 'Choose a jail' }).click()
    await page.getByRole('button', { name: 'Activate sshd' }).waitFor()
    expect(page.url()).toBe(`${bangui.url}jails?filter=off`)
  })
})
