import { describe, expect } from 'vitest'
import { startListServer } from '../apps/server/test/list-server.ts'
import { inspect } from './support/inspect.ts'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index + 1}`)

describe('the page of the blocklists', () => {
  test('adds a list after a preview, imports it, and shows what it did and what went wrong', async ({
    world,
  }) => {
    await using server = await startListServer()
    server.lists.set('/worms.txt', ['# worms', ...addresses(40), '10.0.0.1', 'nonsense', ''].join('\n'))
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon, { BANGUI_ALLOW_PRIVATE_URLS: 'true' })
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Blocklists' }).click()
    await page.getByText('No blocklists yet').waitFor()
    expect(await inspect(page, { page: 'blocklists', state: 'empty' })).toEqual([])

    await page.getByRole('button', { name: 'Add blocklist' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add blocklist' })
    await dialog.getByRole('combobox', { name: 'Well-known list' }).selectOption({ label: 'Spamhaus DROP' })
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Spamhaus DROP')
    expect(await inspect(page, { page: 'blocklists', state: 'catalogue' })).toEqual([])
    await dialog.getByText('Web address', { exact: true }).first().click()
    await dialog.getByRole('textbox', { name: 'Web address' }).fill(server.url('/worms.txt'))
    await dialog.getByLabel('Name').fill('worms')
    expect(await inspect(page, { page: 'blocklists', state: 'no-jail' })).toEqual([])
    await dialog.getByRole('button', { name: 'Set up the jail blocklists' }).click()
    await expect.poll(() => dialog.getByLabel('Jail').inputValue()).toBe('blocklists')
    await dialog.getByLabel('Fetch').selectOption('6h')
    await dialog.getByText(/^Next: /).waitFor()
    await dialog.getByRole('button', { name: 'Preview' }).click()
    const preview = dialog.getByRole('region', { name: 'Preview' })
    await preview.getByText('Would be banned').waitFor()
    await preview.getByText('40', { exact: true }).waitFor()
    await preview.getByText(/line 43: nonsense/).waitFor()
    await preview.scrollIntoViewIfNeeded()
    expect(await inspect(page, { page: 'blocklists', state: 'preview' })).toEqual([])
    await dialog.getByRole('button', { name: 'Add and import' }).click()

    const card = page.getByRole('listitem').filter({ hasText: 'worms' }).first()
    await card.getByText('In force').waitFor()
    await card.getByRole('link', { name: '40', exact: true }).waitFor()
    await card.getByRole('button', { name: 'Runs' }).click()
    await card.getByText(/40 banned/).waitFor()
    expect(await inspect(page, { page: 'blocklists', state: 'imported' })).toEqual([])

    server.lists.set('/worms.txt', addresses(3).join('\n'))
    await card.getByRole('button', { name: 'Import now: worms' }).click()
    await card.getByText('A new version is held back until you decide.').waitFor()
    expect(await inspect(page, { page: 'blocklists', state: 'held' })).toEqual([])
    await card.getByRole('button', { name: 'Keep the old version' }).click()
    await card.getByText('A new version is held back until you decide.').waitFor({ state: 'detached' })

    server.lists.delete('/worms.txt')
    await card.getByRole('button', { name: 'Import now: worms' }).focus()
    await page.keyboard.press('Enter')
    await card.getByText('The last try failed.').waitFor()
    await keepScreens(page, { page: 'blocklists', state: 'failing' })

    await card.getByRole('link', { name: '40', exact: true }).click()
    await page.getByText('40 bans', { exact: true }).waitFor()
    await page.getByRole('row', { name: '203.0.113.40' }).getByText('blocklist worms').waitFor()
    await page.goBack()
    await card.getByRole('button', { name: 'More for worms' }).click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    const removal = page.getByRole('alertdialog', { name: 'Remove worms?' })
    await removal.getByLabel('Also end its 40 bans').check()
    await removal.getByRole('button', { name: 'Remove blocklist' }).click()
    await page.getByText('No blocklists yet').waitFor()
  })
})
