import { describe, expect } from 'vitest'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { attack } from './support/attack.ts'
import { administrator } from './support/bangui.ts'
import { startHoldingProxy } from './support/holding-proxy.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

describe('a proxy that holds back event streams', () => {
  test('does not break setup, jails, counts and events; the page says why it is late, and is live once the stream comes', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.serve({ ...environmentOf(daemon), BANGUI_PROBE_INTERVAL_SECONDS: '3600' })
    await using proxy = await startHoldingProxy(bangui.url)
    const { page } = await world.visitor()
    await expect.poll(() => bangui.lines.find((line) => line['event'] === 'setup_required')).toBeDefined()
    const link = bangui.lines.find((line) => line['event'] === 'setup_required')
    await page.goto(`${proxy.url}setup${new URL(String(link?.['url'])).hash}`)
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: 'Open the overview' }).click()

    const row = page.getByRole('region', { name: 'Jails' }).getByRole('listitem').filter({ hasText: 'sshd' })
    await row.getByText('0 banned', { exact: true }).waitFor()
    const notices = page.getByRole('region', { name: 'Notices' })
    await notices.getByText('The live stream does not get through.').waitFor()
    await page.getByRole('banner').getByText('Polling', { exact: true }).waitFor()
    expect(await inspect(page, { page: 'overview', state: 'polling' })).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })

    await attack(daemon, 'sshd', ['203.0.113.21'])
    await row.getByText('1 banned', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    const feed = page.getByRole('main').getByRole('listitem').filter({ hasText: '203.0.113.21' })
    await feed.filter({ hasText: 'Banned' }).waitFor()
    expect(await feed.filter({ hasText: 'Banned' }).count()).toBe(1)

    await page.evaluate(() => Object.assign(window, { __mark: true }))
    proxy.holds = null
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await expect.poll(() => notices.getByText('does not get through').count()).toBe(0)
    await attack(daemon, 'sshd', ['203.0.113.22'])
    await page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ hasText: '203.0.113.22' })
      .filter({ hasText: 'Banned' })
      .waitFor()
    expect(await feed.filter({ hasText: 'Banned' }).count()).toBe(1)
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
  })

  test('does not break sign-in and the page of a jail', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    await using proxy = await startHoldingProxy((await world.bangui(daemon)).url)
    const { page } = await world.visitor()
    await page.goto(`${proxy.url}jails/sshd`)
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    await page.getByRole('banner').getByText('Polling', { exact: true }).waitFor()
    await daemon.stop()
    await page.getByRole('alert').getByText('fail2ban is not running.').waitFor()
  })

  test('is detected even if it forwards a few kilobytes at a time', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    await using proxy = await startHoldingProxy((await world.bangui(daemon)).url)
    // less than the first message: the rest is held back
    proxy.holds = 1_024
    const { page } = await world.visitor(proxy.url)
    const row = page.getByRole('region', { name: 'Jails' }).getByRole('listitem').filter({ hasText: 'sshd' })
    await row.getByText('0 banned', { exact: true }).waitFor()
    await page.getByRole('banner').getByText('Polling', { exact: true }).waitFor()
    await attack(daemon, 'sshd', ['203.0.113.23'])
    await row.getByText('1 banned', { exact: true }).waitFor()
    proxy.holds = null
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
  })
})
