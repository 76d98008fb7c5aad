import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

describe('the back button', () => {
  test('returns to the scroll offset of the previous page, and another page begins at its top', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    const addresses = Array.from({ length: 300 }, (_, index) => `203.0.${index >> 7}.${index & 127}`)
    await daemon.ask('set', 'sshd', 'banip', ...addresses)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('300 bans', { exact: true }).waitFor()
    const main = page.locator('main')
    const place = () => main.evaluate((element) => Math.round(element.scrollTop))
    await main.evaluate((element) => element.scrollTo({ top: 6_000 }))
    await expect.poll(place).toBe(6_000)
    const link = page.getByRole('rowheader').nth(12).getByRole('link')
    const address = (await link.textContent()) ?? ''
    await link.click()
    await page.getByRole('heading', { name: address, level: 1 }).waitFor()
    expect(await place()).toBe(0)
    await page.goBack()
    await page.getByRole('heading', { name: 'Bans', level: 1 }).waitFor()
    await expect.poll(place).toBe(6_000)
    expect(await page.getByRole('link', { name: address, exact: true }).isVisible()).toBe(true)

    // a new page replaces the scroll offsets of the pages ahead
    await main.evaluate((element) => element.scrollTo({ top: 3_000 }))
    await expect.poll(place).toBe(3_000)
    await page.getByRole('link', { name: 'Jails', exact: true }).click()
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    expect(await place()).toBe(0)
    await page.goBack()
    await expect.poll(place).toBe(3_000)
    await page.goForward()
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    await expect.poll(place).toBe(0)
  })
})
