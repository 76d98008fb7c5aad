import { describe, expect } from 'vitest'
import { test } from './support/test.ts'
import { setVisible } from './support/visibility.ts'

const stream = '/trpc/live.watch'

describe('the live stream', () => {
  test('recovers without a reload after a restart of the server and a proxy that answers 502', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const proxy = await world.proxy(bangui.url)
    const { page, faults } = await world.visitor(proxy.url)
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    const row = page.getByRole('region', { name: 'Jails' }).getByRole('listitem').filter({ hasText: 'sshd' })
    // the stream can begin before the page is rendered
    await row.getByText('0 banned', { exact: true }).waitFor()
    await page.evaluate(() => Object.assign(window, { __mark: true }))

    faults.allow(/502|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|ERR_EMPTY_RESPONSE/)
    proxy.broken = true
    await bangui.kill('SIGTERM')
    await page.getByText('Reconnecting', { exact: true }).waitFor()
    expect(proxy.refused).toBeGreaterThan(1)
    await row.getByText('0 banned', { exact: true }).waitFor()
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', '203.0.113.12')
    proxy.target = (await world.bangui(daemon)).url
    proxy.broken = false

    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await row.getByText('1 banned', { exact: true }).waitFor()
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
  })

  test('of a hidden tab ends after ten seconds and reopens when the tab is visible', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const proxy = await world.proxy((await world.bangui(daemon)).url)
    const { page } = await world.visitor(proxy.url)
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    expect(proxy.open(stream)).toBe(1)
    const hiddenAt = Date.now()
    await setVisible(page, false)
    await expect.poll(() => proxy.open(stream)).toBe(0)
    expect(Date.now() - hiddenAt).toBeGreaterThan(9_000)

    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', '203.0.113.13')
    await setVisible(page, true)
    await expect.poll(() => proxy.open(stream)).toBe(1)
    const row = page.getByRole('region', { name: 'Jails' }).getByRole('listitem').filter({ hasText: 'sshd' })
    await row.getByText('1 banned', { exact: true }).waitFor()
  })

  test('leaves room for eight tabs of one browser', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const proxy = await world.proxy((await world.bangui(daemon)).url)
    const { context, page } = await world.visitor(proxy.url)
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    const tabs = [page]
    while (tabs.length < 8) {
      await setVisible(tabs.at(-1)!, false)
      const tab = await context.newPage()
      await tab.goto(`${proxy.url}jails`)
      await tab.getByRole('banner').getByText('Live', { exact: true }).waitFor()
      tabs.push(tab)
    }
    // the page of a jail queries more than the stream sends
    for (const tab of tabs) {
      await setVisible(tab, true)
      await tab.getByRole('link', { name: 'sshd', exact: true }).first().click()
      await tab.getByText('Bans an address for 10 min').waitFor()
      await tab.getByRole('banner').getByText('Live', { exact: true }).waitFor()
      await setVisible(tab, false)
    }
  })
})
