import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect } from 'vitest'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { administrator } from './support/bangui.ts'
import { inspect } from './support/inspect.ts'
import { openOnce } from './support/open-once.ts'
import { test } from './support/test.ts'

const jails = [
  { name: 'sshd' },
  { name: 'nginx-http-auth' },
  { name: 'nginx-botsearch', enabled: false },
  { name: 'broken', enabled: false, failregex: '^(unclosed <HOST>$' },
]

async function attack(daemon: PrivateDaemon): Promise<void> {
  for (let host = 1; host <= 5; host += 1)
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', `203.0.113.${host}`)
  await daemon.logFailure('nginx-http-auth', '198.51.100.7')
}

const openLively = openOnce(async (world) => {
  const daemon = await world.daemon({ jails })
  const bangui = await world.bangui(daemon)
  await attack(daemon)
  const visitor = await world.visitor(bangui.url)
  const jail = visitor.page.getByRole('region', { name: 'Jails' }).getByRole('listitem').first()
  await jail.getByText('5 banned', { exact: true }).waitFor()
  return { ...visitor, daemon, url: bangui.url }
})

describe('accessibility and layout of every page, in light and dark, at every width', () => {
  test('the setup pages', async ({ world }) => {
    const daemon = await world.daemon({ jails })
    await daemon.stop()
    const bangui = await world.serve(environmentOf(daemon))
    const link = () => bangui.lines.find((line) => line['event'] === 'setup_required')
    await expect.poll(link).toBeDefined()
    const { page } = await world.visitor()
    await page.goto(String(link()?.['url']))
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Enter a user name.').waitFor()
    expect(await inspect(page, { page: 'setup', state: 'account' })).toEqual([])
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText(/^sudo fail2ban-server .* start$/).waitFor()
    expect(await inspect(page, { page: 'setup', state: 'connection' })).toEqual([])
    await daemon.start()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('Connected to fail2ban').waitFor()
    expect(await inspect(page, { page: 'setup', state: 'done' })).toEqual([])
  })

  test('the sign-in page', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon())
    const { page, faults } = await world.visitor()
    await page.goto(bangui.url)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await inspect(page, { page: 'sign-in' })).toEqual([])
    faults.allow(/401/)
    await page.getByLabel('User name').fill('admin')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    expect(await inspect(page, { page: 'sign-in', state: 'refused' })).toEqual([])
  })

  test('the overview, with fail2ban up and down', async ({ world }) => {
    const { page, daemon } = await openLively(world)
    expect(await inspect(page, { page: 'overview' })).toEqual([])
    await daemon.stop()
    await page.getByRole('alert').getByRole('button', { name: 'What to do' }).click()
    expect(await inspect(page, { page: 'overview', state: 'down' })).toEqual([])
  })

  test('the jails page and switching a jail', async ({ shared }) => {
    const { page, url } = await openLively(shared)
    await page.goto(`${url}jails`)
    await page.getByRole('row', { name: 'sshd' }).waitFor()
    expect(await inspect(page, { page: 'jails' })).toEqual([])
    await page.getByRole('button', { name: 'Activate nginx-botsearch' }).click()
    await page.getByText('Tested on a copy').waitFor()
    expect(await inspect(page, { page: 'jails', state: 'activate' })).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Deactivate sshd' }).click()
    await page.getByText('5 bans', { exact: true }).waitFor()
    expect(await inspect(page, { page: 'jails', state: 'deactivate' })).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Activate broken' }).click()
    await page.getByText('fail2ban would refuse this').waitFor()
    expect(await inspect(page, { page: 'jails', state: 'refused' })).toEqual([])
    await page.goto(`${url}jails?search=nothing`)
    await page.getByText('No jail matches').waitFor()
    expect(await inspect(page, { page: 'jails', state: 'empty' })).toEqual([])
  })

  test('the page of a jail', async ({ shared }) => {
    const { page, url } = await openLively(shared)
    await page.goto(`${url}jails/sshd?tab=settings`)
    await page.getByRole('row', { name: 'maxretry' }).waitFor()
    expect(await inspect(page, { page: 'jail', state: 'settings' })).toEqual([])
  })

  test('the settings page', async ({ shared }) => {
    const { page, url } = await openLively(shared)
    for (const tab of ['general', 'fail2ban', 'account', 'system']) {
      await page.goto(`${url}settings?tab=${tab}`)
      await page.getByRole('tabpanel').waitFor()
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
      expect(await inspect(page, { page: 'settings', state: tab })).toEqual([])
    }
  })

  test('the palette, the menu and an unknown page', async ({ shared }) => {
    const { page, url } = await openLively(shared)
    await page.goto(`${url}nowhere`)
    await page.getByText('There is no page at this address.').waitFor()
    expect(await inspect(page, { page: 'not-found' })).toEqual([])
    await page.getByRole('button', { name: 'Account of admin' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    expect(await inspect(page, { page: 'menu' })).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    expect(await inspect(page, { page: 'palette' })).toEqual([])
  })
})
