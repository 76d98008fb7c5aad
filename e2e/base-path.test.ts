import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

describe('a base path behind a proxy', () => {
  test('applies to links, deep links and the stream', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon, { BANGUI_BASE_PATH: '/ban/' })
    expect(new URL(bangui.url).pathname).toBe('/ban/')
    const proxy = await world.proxy(bangui.url)
    const base = `${proxy.url}ban/`
    const { page } = await world.visitor(base)
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url()))
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Jails', exact: true }).click()
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    expect(page.url()).toBe(`${base}jails`)

    await page.goto(`${base}jails/sshd`)
    await page.getByText('Bans an address for 10 min').waitFor()
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    expect(proxy.open('/ban/trpc/live.watch')).toBe(1)
    await page.getByRole('link', { name: 'All jails' }).click()
    await expect.poll(() => page.url()).toBe(`${base}jails`)

    await daemon.ask('set', 'sshd', 'banip', '203.0.113.7')
    await page.getByRole('link', { name: 'Bans', exact: true }).click()
    await page.getByRole('table').getByRole('link', { name: 'sshd' }).click()
    await expect.poll(() => page.url()).toBe(`${base}jails/sshd`)
    await page.getByText('Bans an address for 10 min').waitFor()
    expect(seen.filter((url) => !url.startsWith(base))).toEqual([])

    await page.getByRole('button', { name: 'Account of admin' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(page.url()).toMatch(`${base}sign-in`)
  })
})
