import { readFile } from 'node:fs/promises'
import type { Page, Request } from 'playwright-core'
import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'

const rowsOf = (page: Page) =>
  page.getByRole('list', { name: 'Activity, newest first' }).getByRole('listitem')
const bansOf = (page: Page) => rowsOf(page).filter({ hasText: 'Banned' })

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
    await expect.poll(() => bansOf(page).count()).toBe(3)

    await page.getByRole('button', { name: 'Show details of the ban of 203.0.113.7' }).click()
    const row = bansOf(page).filter({ hasText: '203.0.113.7' })
    await row.getByText(/Banned by fail2ban for 10 min/).waitFor()
    const lines = row.getByRole('region', { name: 'Log lines' })
    await expect.poll(() => lines.textContent()).toContain('Failed login for root from 203.0.113.7')

    await page.getByRole('searchbox', { name: 'Search the activity' }).fill('203.0.113.8')
    await expect.poll(() => bansOf(page).count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('search')).toBe('203.0.113.8')
    await bansOf(page).getByRole('link', { name: '203.0.113.8' }).click()
    await page.getByRole('heading', { name: '203.0.113.8', level: 1 }).waitFor()
    await page.goBack()
    await expect.poll(() => bansOf(page).count()).toBe(1)
    expect(new URL(page.url()).searchParams.get('search')).toBe('203.0.113.8')

    await page.goto(`${bangui.url}activity?jail=web&type=ban`)
    await expect.poll(() => bansOf(page).count()).toBe(2)
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

  test('has each failure, goes on live, and keeps its rows while somebody reads', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await attack(daemon, 'sshd', ['203.0.113.7'])
    // the number leads to the failures that it counts
    await page
      .getByRole('link', { name: 'Failures', exact: true })
      .locator('xpath=../..')
      .getByText('3', { exact: true })
      .waitFor()
    await page.getByRole('link', { name: 'Failures', exact: true }).click()
    await expect.poll(() => rowsOf(page).count()).toBe(3)
    await page.getByRole('group', { name: 'Kinds' }).getByRole('button', { name: 'Failures 3' }).waitFor()

    const loading = new Set<Request>()
    page.on('request', (request) => {
      if (request.url().includes('history.activity')) loading.add(request)
    })
    page.on('requestfinished', (request) => loading.delete(request))
    page.on('requestfailed', (request) => loading.delete(request))
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await bansOf(page).filter({ hasText: 'tried root ×3' }).waitFor()
    await page.mouse.move(0, 0)
    await attack(daemon, 'sshd', ['203.0.113.8'])
    await bansOf(page).filter({ hasText: '203.0.113.8' }).waitFor()

    // what was asked for before somebody reads still comes in
    await expect
      .poll(async () => {
        await page.mouse.move(0, 0)
        await expect.poll(() => loading.size).toBe(0)
        await bansOf(page).first().hover()
        return loading.size + (await page.getByRole('button', { name: / new$/ }).count())
      })
      .toBe(0)
    const before = await rowsOf(page).count()
    await daemon.logFailure('sshd', '203.0.113.9')
    await page.getByRole('button', { name: '1 new' }).waitFor()
    expect(await rowsOf(page).count()).toBe(before)
    // a pointer that leaves the list lets the row come in by itself
    await page.getByRole('button', { name: '1 new' }).dispatchEvent('click')
    await rowsOf(page).filter({ hasText: '203.0.113.9' }).waitFor()
  })
})
