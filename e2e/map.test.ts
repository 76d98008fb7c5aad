import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'

describe('the map page', () => {
  test('can be zoomed and used by keyboard, opens the bans of a country, and has a table', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}map`)
    const map = page.getByRole('application', { name: /^Bans by country/ })
    await map.waitFor()
    await attack(daemon, 'sshd', ['77.88.8.8', '77.88.8.9', '195.186.1.110'])
    await expect.poll(() => map.locator('[data-code=RU]').first().getAttribute('data-shade')).not.toBe('0')

    const placeOf = () => map.locator('g').getAttribute('transform')
    const whole = await placeOf()
    await map.focus()
    await page.keyboard.press('+')
    await expect.poll(placeOf).not.toBe(whole)
    await page.keyboard.press('0')
    await expect.poll(placeOf).toBe(whole)
    await page.keyboard.press('PageDown')
    await page
      .getByText(/^(Russia|RU).*: 2 bans$/)
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    const bans = page.getByRole('list', { name: /^Bans of Russia/ })
    await bans.getByRole('link', { name: '77.88.8.9' }).waitFor()
    expect(await bans.getByRole('listitem').count()).toBe(2)
    expect(page.url()).toBe(`${bangui.url}map?country=RU`)
    await page.goBack()
    await expect.poll(() => bans.count()).toBe(0)

    await page
      .getByRole('figure', { name: /^Bans by country/ })
      .getByRole('button', { name: 'Table' })
      .click()
    const table = page.getByRole('region', { name: /^Bans by country.*table$/ })
    await table.getByRole('row', { name: /Russia.*RU 2 67/ }).waitFor()
    await table.getByRole('row', { name: /Switzerland CH 1 33/ }).waitFor()
  })

  test('compares countries by bans, addresses and active bans, kept in the URL', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx-http-auth' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}map`)
    await attack(daemon, 'sshd', ['77.88.8.8', '195.186.1.110', '195.186.1.111'])
    await attack(daemon, 'nginx-http-auth', ['77.88.8.8', '77.88.8.9', '195.186.1.110'])
    const countries = page.getByRole('list', { name: 'Countries' })
    await countries
      .getByText(/^3 bans$/)
      .nth(1)
      .waitFor()

    const measure = page.getByRole('group', { name: 'Measure by country' })
    await measure.getByText('Addresses').click()
    await countries
      .getByText(/^2 addresses$/)
      .nth(1)
      .waitFor()
    expect(page.url()).toBe(`${bangui.url}map?measure=addresses`)

    await measure.getByText('Banned now').click()
    await page.getByRole('figure', { name: 'Addresses banned now by country' }).waitFor()
    await daemon.ask('set', 'sshd', 'unbanip', '195.186.1.111')
    await countries.getByText(/^1 address$/).waitFor()
    await countries.getByRole('link', { name: 'Switzerland' }).click()
    const bans = page.getByRole('list', { name: /^Bans of Switzerland/ })
    await expect.poll(() => bans.getByRole('listitem').count()).toBe(2)
    await page.getByRole('link', { name: 'All active bans from this country' }).click()
    await page.getByText('2 bans', { exact: true }).waitFor()
    await page.goBack()
    await bans.waitFor()
    expect(page.url()).toBe(`${bangui.url}map?country=CH&measure=active`)
  })

  test('scrolls within its page on a phone, below the top bar', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${bangui.url}map`)
    await page.getByRole('group', { name: 'Measure', exact: true }).waitFor()
    const left = () =>
      page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight)
    expect(await left()).toBe(0)
    await page.goto(bangui.url)
    await page.getByRole('group', { name: 'Measure', exact: true }).waitFor()
    expect(await left()).toBe(0)
  })
})
