import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { startBangui } from '../apps/server/test/bangui-process.ts'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { unattended } from './support/bangui.ts'
import { inspect } from './support/inspect.ts'
import { createOtherBuild } from './support/other-build.ts'
import { signIn } from './support/visitor.ts'
import { test } from './support/test.ts'

const live = (page: Page) => page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { __mark: true }))
const isMarked = (page: Page) => page.evaluate(() => '__mark' in window)
const goTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
const hrefsWithoutSheet = (links: (HTMLElement | SVGElement)[]) => {
  const styles = links as HTMLLinkElement[]
  const loaded = new Set(styles.filter((link) => link.sheet).map((link) => link.href))
  return styles.map((link) => link.href).filter((href) => !loaded.has(href))
}
const unreachable = /502|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|ERR_EMPTY_RESPONSE/

describe('lazy modules of the interface', () => {
  test('wait for a server that is down, and open automatically', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const proxy = await world.proxy((await world.bangui(daemon)).url)
    const visitor = await world.visitor()
    const { page, faults } = visitor
    await signIn(visitor, proxy.url)
    await page.goto(proxy.url)
    await live(page)
    await mark(page)

    faults.allow(unreachable)
    proxy.broken = true
    await goTo(page, 'Bans')
    await page.getByRole('main').getByText('BanGUI does not answer').waitFor()
    expect(await inspect(page, { page: 'bans', state: 'waiting' })).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
    await goTo(page, 'Overview')
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await goTo(page, 'Bans')
    proxy.broken = false
    await page.getByRole('heading', { name: 'Bans', level: 1 }).waitFor()
    await live(page)

    proxy.broken = true
    await page.getByRole('button', { name: 'Account of admin' }).click()
    const note = page.getByRole('region', { name: /^Notifications/ })
    await note.getByText('BanGUI does not answer').waitFor()
    proxy.broken = false
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    expect(await isMarked(page)).toBe(true)
  })

  test('that were being fetched when the server stopped are fetched when it answers, by the same page', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const proxy = await world.proxy((await world.bangui(daemon)).url)
    const { page, context, faults } = await world.visitor()
    await signIn({ context }, proxy.url)
    faults.allow(new RegExp(`${unreachable.source}|ERR_FAILED|bans-page`))
    await page.goto(proxy.url)
    await live(page)
    await mark(page)
    const cut: string[] = []
    await context.route(/assets\/bans-page-.*\.(js|css)/, (route) => {
      if (proxy.broken) return route.abort('connectionfailed')
      if (cut.some((url) => url === route.request().url())) return route.continue()
      cut.push(route.request().url())
      proxy.broken = true
      return route.abort('connectionfailed')
    })
    await goTo(page, 'Bans')
    await page.getByRole('main').getByText('BanGUI does not answer').waitFor()
    proxy.broken = false
    await page.getByRole('heading', { name: 'Bans', level: 1 }).waitFor()
    await live(page)
    expect(cut).not.toEqual([])
    expect(await isMarked(page)).toBe(true)
    expect(await page.locator('link[rel="stylesheet"]').evaluateAll(hrefsWithoutSheet)).toEqual([])
  })

  test('that fail although the server answers are fetched by a new page, once', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page, context, faults } = await world.visitor()
    let documents = 0
    page.on('domcontentloaded', () => (documents += 1))
    await context.route(/assets\/bans-page-.*\.js/, (route) =>
      documents > 1 ? route.continue() : route.abort('failed'),
    )
    await signIn({ context }, bangui.url)
    faults.allow(/bans-page|ERR_FAILED/)
    await page.goto(bangui.url)
    await live(page)
    await mark(page)
    await goTo(page, 'Bans')
    await page.getByRole('heading', { name: 'Bans', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/bans')
    expect(await isMarked(page)).toBe(false)
    expect(documents).toBe(2)
  })

  test('are fetched when the browser is idle, and open while the server is down', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url, { prefetch: true })
    await live(page)
    const fetched = () =>
      page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
    for (const part of ['settings-page', 'bans-page', 'palette', 'menu', 'ban-dialog', 'world-fine'])
      await expect.poll(async () => (await fetched()).some((name) => name.includes(part))).toBe(true)
    faults.allow(unreachable)
    await bangui.kill('SIGTERM')
    await goTo(page, 'Settings')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
  })
})

describe('a page of an older build', () => {
  test('reloads itself after a deployment, but not while a form is filled in', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const before = await world.bangui(daemon)
    const proxy = await world.proxy(before.url)
    const { page, faults } = await world.visitor(proxy.url)
    await goTo(page, 'Settings')
    const field = page.getByLabel('Maximum session length')
    await field.fill('77')
    await field.blur()
    await live(page)
    await mark(page)

    faults.allow(unreachable)
    proxy.broken = true
    await before.kill('SIGTERM')
    await using build = await createOtherBuild()
    await using after = await startBangui(
      { ...environmentOf(daemon), ...unattended },
      { program: build.program },
    )
    proxy.target = after.url
    proxy.broken = false
    const notices = page.getByRole('region', { name: 'Notices' })
    await notices.getByText('BanGUI was updated.').waitFor()
    expect(await inspect(page, { page: 'settings', state: 'updated' })).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
    expect(await field.inputValue()).toBe('77')
    expect(await isMarked(page)).toBe(true)

    await goTo(page, 'Jails')
    await expect.poll(() => isMarked(page).catch(() => true)).toBe(false)
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    await live(page)
    await mark(page)
    await goTo(page, 'Overview')
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    expect(await notices.getByText('BanGUI was updated.').count()).toBe(0)
    expect(await isMarked(page)).toBe(true)
  })
})
