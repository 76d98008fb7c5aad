import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'

describe('the map', () => {
  test('is zoomed and walked by keyboard, opens the bans of a country, and is a table too', async ({
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
})
