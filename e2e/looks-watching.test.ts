import { describe, expect } from 'vitest'
import { attack, crashUnsaved, worldwide } from './support/attack.ts'
import { inspect } from './support/inspect.ts'
import { openOnce } from './support/open-once.ts'
import { test } from './support/test.ts'

/** A fail2ban with bans of several countries, two jails, an unban and a few failures, and a browser that shows it. */
const openWatched = openOnce(async (world) => {
  const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx-http-auth', bantime: '1h' }] })
  const bangui = await world.bangui(daemon)
  const visitor = await world.visitor(bangui.url)
  const { page } = visitor
  const jails = page.getByRole('region', { name: 'Jails' })
  await jails.getByRole('link', { name: 'sshd' }).waitFor()
  await attack(daemon, 'sshd', worldwide)
  await attack(daemon, 'nginx-http-auth', worldwide.slice(0, 2))
  await daemon.logFailure('sshd', '203.0.113.77')
  await jails.getByText(`${worldwide.length} banned`, { exact: true }).waitFor()
  await jails.getByText('2 banned', { exact: true }).waitFor()
  await page.goto(`${bangui.url}bans`)
  await page.getByText(`${worldwide.length + 2} bans`, { exact: true }).waitFor()
  const settled = () => expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
  const open = async (path: string) => {
    await page.goto(`${bangui.url}${path}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await settled()
  }
  return { ...visitor, daemon, url: bangui.url, open, settled }
})

describe('accessibility and layout of every page of bans and statistics, in light and dark, at every width', () => {
  test('the overview with bans, a range and a crash that lost bans', async ({ world }) => {
    const { page, open, daemon } = await openWatched(world)
    await open('')
    expect(await inspect(page, { page: 'overview', state: 'busy' })).toEqual([])
    await open('statistics')
    expect(await inspect(page, { page: 'statistics' })).toEqual([])
    await open(`?from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`)
    expect(await inspect(page, { page: 'overview', state: 'span' })).toEqual([])
    const unsaved = ['203.0.113.90', '203.0.113.91']
    await daemon.ask('set', 'sshd', 'banip', ...unsaved)
    await open(`bans?search=${encodeURIComponent('203.0.113.90/31')}`)
    await page.getByText('2 bans', { exact: true }).waitFor()
    await open('')
    await crashUnsaved(daemon, unsaved)
    await daemon.start()
    await page
      .getByRole('alert')
      .getByText(/lost in the crash/)
      .waitFor()
    expect(await inspect(page, { page: 'overview', state: 'lost' })).toEqual([])
  })

  test('the activity page, with an open ban and without bans', async ({ shared }) => {
    const { page, open, settled } = await openWatched(shared)
    await open('activity')
    await page
      .getByRole('button', { name: /^Show details of the ban/ })
      .first()
      .click()
    await page.getByRole('region', { name: 'Log lines' }).waitFor()
    await settled()
    expect(await inspect(page, { page: 'activity', state: 'open' })).toEqual([])
    await open('activity?search=192.0.2.99')
    await page.getByText('Nothing found').waitFor()
    expect(await inspect(page, { page: 'activity', state: 'empty' })).toEqual([])
  })

  test('the bans page, with selected bans and without bans', async ({ shared }) => {
    const { page, open } = await openWatched(shared)
    await open('bans')
    await page
      .getByRole('checkbox', { name: /^Select .* in sshd$/ })
      .first()
      .check()
    await page.getByText('1 ban selected').waitFor()
    expect(await inspect(page, { page: 'bans', state: 'selected' })).toEqual([])
    await page.getByRole('button', { name: 'Clear selection' }).click()
    await page
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .click()
    await page.getByRole('menu').waitFor()
    expect(await inspect(page, { page: 'bans', state: 'menu' })).toEqual([])
    await open('bans?search=nowhere')
    await page.getByText('No ban matches').waitFor()
    expect(await inspect(page, { page: 'bans', state: 'empty' })).toEqual([])
  })

  test('the ban dialog with refused addresses', async ({ shared }) => {
    const { page, open } = await openWatched(shared)
    await open('bans')
    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    await dialog.waitFor()
    expect(await inspect(page, { page: 'ban-dialog' })).toEqual([])
    await dialog.getByLabel('Addresses and networks').fill('203.0.113.1\n10.0.0.8\nnonsense\n77.88.8.8')
    await dialog.getByText('will not be banned').waitFor()
    expect(await inspect(page, { page: 'ban-dialog', state: 'refused' })).toEqual([])
    await dialog.getByRole('radio', { name: 'Permanent' }).check()
    await dialog.getByText('This jail does not ban for that long.').waitFor()
    expect(await inspect(page, { page: 'ban-dialog', state: 'permanent' })).toEqual([])
  })

  test('the map, a country, and the table', async ({ shared }) => {
    const { page, open, settled } = await openWatched(shared)
    await open('map')
    await page.getByRole('application').waitFor()
    expect(await inspect(page, { page: 'map' })).toEqual([])
    await open('map?country=RU')
    await page.getByRole('list', { name: /^Bans of / }).waitFor()
    await settled()
    expect(await inspect(page, { page: 'map', state: 'country' })).toEqual([])
    await page.getByRole('button', { name: 'Table' }).first().click()
    expect(await inspect(page, { page: 'map', state: 'table' })).toEqual([])
  })

  test('each tab of a jail', async ({ shared }) => {
    const { page, open } = await openWatched(shared)
    for (const tab of ['now', 'bans', 'filter', 'actions', 'log']) {
      await open(`jails/sshd?tab=${tab}`)
      await page.getByRole('tabpanel').waitFor()
      expect(await inspect(page, { page: 'jail', state: tab })).toEqual([])
    }
  })

  // last, because it allows faults
  test('the pages of a banned address, an unknown one, and a network', async ({ shared }) => {
    const { page, open, faults } = await openWatched(shared)
    await open('addresses/77.88.8.8')
    await page.getByText(/^Banned now in/).waitFor()
    expect(await inspect(page, { page: 'address', state: 'banned' })).toEqual([])
    await open('addresses/192.0.2.50')
    await page.getByText('Not banned.').waitFor()
    expect(await inspect(page, { page: 'address', state: 'unknown' })).toEqual([])
    await open(`addresses/${encodeURIComponent('77.88.8.0/24')}`)
    await page.getByRole('heading', { name: '77.88.8.0/24' }).waitFor()
    expect(await inspect(page, { page: 'address', state: 'network' })).toEqual([])
    faults.allow(/400/)
    await open('addresses/nonsense')
    expect(await inspect(page, { page: 'address', state: 'none' })).toEqual([])
  })
})
