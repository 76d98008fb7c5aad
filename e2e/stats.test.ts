import { describe, expect } from 'vitest'
import { attack, worldwide } from './support/attack.ts'
import { openOnce } from './support/open-once.ts'
import { test } from './support/test.ts'

/** The statistics of a fail2ban that has banned addresses of several countries. */
const openBanned = openOnce(async (world) => {
  const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }, { name: 'nginx' }] })
  const bangui = await world.bangui(daemon)
  await attack(daemon, 'sshd', worldwide)
  return { ...(await world.visitor(bangui.url)), statistics: `${bangui.url}statistics` }
})

describe('statistics', () => {
  test('of a part of the trend are shown by the minute, and one can go back', async ({ shared }) => {
    const { page, statistics } = await openBanned(shared)
    await page.goto(statistics)
    const trend = page.getByRole('slider', { name: /^Bans over time/ })
    await trend.waitFor()
    const points = async () => Number(await trend.getAttribute('aria-valuemax')) + 1
    expect(await points()).toBe(24)

    const asked: string[] = []
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())))
    await trend.focus()
    // the last two hours, because the bans may be at the end of one
    await page.keyboard.press('End')
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\?from=\d+&to=\d+$/)
    await expect.poll(points).toBeGreaterThan(30)
    await page.getByRole('list', { name: 'Addresses' }).getByRole('listitem').first().waitFor()
    // counting has its own request and id, so that it delays nothing and can be cancelled
    const stats = asked.filter((url) => url.includes('trpc/stats.') && url.includes('"from"'))
    const [counted, summed] = [true, false].map((isCounted) =>
      stats.filter((url) => url.includes('stats.overview') === isCounted),
    )
    expect(counted?.every((url) => url.includes('operationId'))).toBe(true)
    expect(counted?.join()).not.toContain('stats.trend')
    expect(summed?.join()).toContain('stats.trend')

    const chip = page.getByRole('button', { name: /^Show the last 24 hours instead of/ })
    // the day is written once
    expect(await chip.textContent()).toMatch(/^[^–]+–[^–]+$/)
    await page.goBack()
    await expect.poll(() => chip.count()).toBe(0)
    await expect.poll(points).toBe(24)
  })

  test('that are slow do not delay quick ones', async ({ shared }) => {
    const { page, statistics } = await openBanned(shared)
    await page.goto(statistics)
    await page.getByRole('slider', { name: /^Bans over time/ }).waitFor()
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    await page.route(/stats\.topAddresses/, async (route) => {
      await answered
      await route.continue()
    })
    await page.reload()
    await page.getByRole('slider', { name: /^Bans over time/ }).waitFor()
    await page.getByRole('list', { name: 'By country' }).getByText('Russia').waitFor()
    expect(await page.getByRole('list', { name: 'Addresses' }).count()).toBe(0)
    answer()
    await page.getByRole('list', { name: 'Addresses' }).waitFor()
    await page.unrouteAll()
  })

  test('by country have a small map, fetched when it is in view, that moves nothing', async ({ shared }) => {
    const { page, statistics } = await openBanned(shared)
    await page.goto(statistics)
    const scripts: string[] = []
    page.on('request', (request) => scripts.push(request.url()))
    await page.reload()
    // the lists beside it can be a minute old
    await page.getByRole('list', { name: 'By country' }).waitFor()
    const card = page.getByRole('region', { name: 'World' })
    const heightOf = async () => Math.round((await card.boundingBox())?.height ?? 0)
    const before = await heightOf()
    expect(scripts.filter((url) => url.includes('world'))).toEqual([])
    await card.scrollIntoViewIfNeeded()
    await page.getByRole('application', { name: /^Bans by country/ }).waitFor()
    expect(await heightOf()).toBe(before)
    expect(scripts.some((url) => url.includes('world-coarse'))).toBe(true)
  })

  test('of a country are found by its name, in the palette and in the lists', async ({ shared }) => {
    const { page, statistics } = await openBanned(shared)
    await page.goto(statistics)
    await page.getByRole('list', { name: 'By country' }).getByText('Russia').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Search/ }).fill('Switzerl')
    await page.getByRole('option', { name: 'Bans from Switzerland' }).click()
    await page.getByRole('row', { name: /195\.186\.1\.110/ }).waitFor()
    expect(await page.getByRole('row', { name: /77\.88\.8\.8/ }).count()).toBe(0)
    await page.getByRole('searchbox', { name: 'Search bans' }).fill('russia')
    await page.getByRole('row', { name: /77\.88\.8\.8\b/ }).waitFor()
    await expect.poll(() => page.getByRole('row', { name: /195\.186\.1\.110/ }).count()).toBe(0)
  })
})
