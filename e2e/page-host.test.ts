import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

describe('the host of a page', () => {
  test('stands in no link, unless the URL names it: then every link keeps it', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await daemon.ask('set', 'sshd', 'banip', '203.0.113.7')
    await page.getByRole('link', { name: 'Banned now' }).click()
    const row = page.getByRole('row', { name: '203.0.113.7' })
    await row.getByRole('link', { name: 'sshd' }).waitFor()
    expect(page.url()).toBe(`${bangui.url}bans`)
    const hrefs = await page
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    expect(hrefs.filter((href) => href?.includes('host'))).toEqual([])

    await page.goto(`${bangui.url}bans?host=local`)
    await row.getByRole('link', { name: 'sshd' }).click()
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    expect(page.url()).toBe(`${bangui.url}jails/sshd?host=local`)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Activity' }).click()
    await expect.poll(() => page.url()).toBe(`${bangui.url}activity?host=local`)
    await page.getByText('203.0.113.7').first().waitFor()

    await page.goto(`${bangui.url}bans?host=local`)
    await row.waitFor()
    await daemon.ask('set', 'sshd', 'unbanip', '203.0.113.7')
    await row.waitFor({ state: 'detached' })
  })
})
