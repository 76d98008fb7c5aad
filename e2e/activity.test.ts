import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'

const historyOf = (page: Page) => page.getByRole('list', { name: 'Bans, newest first' }).getByRole('listitem')
const feedOf = (page: Page) => page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem')

describe('the activity page', () => {
  test('shows each ban with the log lines that caused it, filtered in the URL, and as a file', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await attack(daemon, 'web', ['203.0.113.8', '203.0.113.9'])
    await page.getByRole('region', { name: 'Jails' }).getByText('2 banned', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await expect.poll(() => historyOf(page).count()).toBe(3)

    await page.getByRole('button', { name: 'Show details of the ban of 203.0.113.7' }).click()
    const row = historyOf(page).filter({ hasText: '203.0.113.7' })
    await row.getByText(/Banned by fail2ban for 10 min/).waitFor()
    const lines = row.getByRole('region', { name: 'Log lines' })
    await expect.poll(() => lines.textContent()).toContain('Failed login for root from 203.0.113.7')

    await page.getByRole('searchbox', { name: 'Search the history' }).fill('203.0.113.8')
    await expect.poll(() => historyOf(page).count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('search')).toBe('203.0.113.8')
    await historyOf(page).getByRole('link', { name: '203.0.113.8' }).click()
    await page.getByRole('heading', { name: '203.0.113.8', level: 1 }).waitFor()
    await page.goBack()
    await expect.poll(() => historyOf(page).count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('search')).toBe('203.0.113.8')

    await page.goto(`${bangui.url}activity?jail=web`)
    await expect.poll(() => historyOf(page).count()).toBe(2)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^bangui-history-.+\.csv$/)
    const [head, ...records] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(head).toMatch(/address/)
    expect(records).toHaveLength(2)
    expect(records.join('\n')).toMatch(/203\.0\.113\.8[^]*|203\.0\.113\.9/)
    expect(records.join('\n')).not.toContain('203.0.113.7')
  })

  test('shows live events, adds no rows while it is paused, and counts them', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    // a list that is loaded before the stream of events begins is loaded again a second after that
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await page.getByText('No bans found').waitFor()
    const live = page.getByRole('region', { name: 'Live' })
    await live.getByRole('combobox', { name: 'Live events' }).selectOption('Bans')
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await feedOf(page).filter({ hasText: '203.0.113.7' }).getByText('Banned').waitFor()
    const fresh = page.getByRole('region', { name: 'Bans' }).getByRole('button', { name: '1 new' })
    await fresh.click()
    await expect.poll(() => historyOf(page).count()).toBe(1)

    await live.getByRole('button', { name: 'Pause' }).click()
    await attack(daemon, 'sshd', ['203.0.113.8'])
    await live.getByRole('button', { name: '1 new' }).waitFor()
    expect(await feedOf(page).filter({ hasText: '203.0.113.8' }).count()).toBe(0)
    // rows of the history do not move: it offers the new bans
    await fresh.waitFor()
    expect(await historyOf(page).count()).toBe(1)
    await fresh.click()
    await expect.poll(() => historyOf(page).count()).toBe(2)
    await live.getByRole('button', { name: 'Resume' }).click()
    await page.mouse.move(0, 0)
    await feedOf(page).filter({ hasText: '203.0.113.8' }).waitFor()
  })
})
