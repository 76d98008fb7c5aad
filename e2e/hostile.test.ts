import type { PrivateDaemon } from '@bangui/fail2ban'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { bannedIn } from '../apps/server/test/banned-in.ts'
import { attack } from './support/attack.ts'
import { test } from './support/test.ts'

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Active bans' }).getByRole('rowheader')
const feedOf = (page: Page) => page.getByRole('list', { name: 'Activity, newest first' })

/** Would run if it were not shown as text. */
const script = '<img src=x onerror="window.__hit=1"><script>window.__hit=1</script>'
const users = [script, '\u001b[31mred\u001b]0;title\u0007', 'abc\u202egnp.exe\u0000', '[sshd] Ban 6.6.6.6']
/** What a filter can make of such a user name: the name of a ban. */
const ids = [script.replaceAll('/', ''), '=1+1', '%2e%2e', '?x#y', "'; drop table bans; --"]

/** Checks that nothing of it ran, and that nothing reverses or hides the text beside it. */
async function expectOnlyText(page: Page): Promise<void> {
  expect(await page.evaluate(() => '__hit' in window)).toBe(false)
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  const text = (await page.locator('body').textContent()) ?? ''
  expect(text).not.toMatch(/[\0\u001b\u200b\u2028\u202a-\u202e\u2066-\u2069]/)
}

/** Makes fail2ban log to a target that cannot be followed. */
const logTo = (daemon: PrivateDaemon, target: string) => daemon.client('set', 'logtarget', target)

describe('text from attackers', () => {
  test('is shown as text everywhere', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}activity`)
    for (let attempt = 0; attempt < 3; attempt += 1)
      for (const [index, user] of users.entries()) await daemon.logFailure('sshd', `203.0.113.${index}`, user)
    await expect.poll(() => feedOf(page).textContent()).toContain('203.0.113.3')
    await expectOnlyText(page)
    for (const [index] of users.entries()) {
      await page.goto(`${bangui.url}addresses/203.0.113.${index}`)
      const lines = page.getByRole('region', { name: 'Log lines that caused the ban' })
      await expect.poll(() => lines.textContent()).toContain(`from 203.0.113.${index}`)
      await expectOnlyText(page)
    }
    await page.goto(`${bangui.url}bans`)
    await expect.poll(() => rowsOf(page).count()).toBe(users.length)
    expect(await rowsOf(page).filter({ hasText: '6.6.6.6' }).count()).toBe(0)
  })

  test('that fail2ban took for the name of a ban has a page, and can be unbanned there', async ({
    world,
  }) => {
    const failregex = '^.*Failed login for <F-ID>.+</F-ID> from \\S+$'
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h', failregex, maxretry: 1 }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    for (const id of ids) await daemon.logFailure('sshd', '203.0.113.7', id)
    await expect.poll(() => rowsOf(page).count()).toBe(ids.length)
    await expectOnlyText(page)
    for (const id of ids) {
      await page.goto(`${bangui.url}bans`)
      await page.getByRole('link', { name: id, exact: true }).click()
      await page.getByRole('heading', { name: id, exact: true, level: 1 }).waitFor()
      await page.getByRole('button', { name: 'Unban in sshd' }).click()
      await page.getByText(/^Not banned/).waitFor()
      await expectOnlyText(page)
    }
    expect(await bannedIn(daemon, 'sshd')).toEqual([])
  })

  test('that became the name of a jail is shown with escapes, and actions use it unchanged', async ({
    world,
  }) => {
    const jail = 'ssh\u202ed\u200b'
    const shown = String.raw`ssh\u{202e}d\u{200b}`
    const daemon = await world.daemon({ jails: [{ name: jail, bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await daemon.ask('set', jail, 'banip', '203.0.113.7')
    for (const path of ['', 'jails', 'bans', 'activity', 'addresses/203.0.113.7']) {
      await page.goto(`${bangui.url}${path}`)
      await page.getByRole('main').getByText(shown).filter({ visible: true }).first().waitFor()
      await expectOnlyText(page)
    }
    await page.goto(`${bangui.url}jails/${encodeURIComponent(jail)}`)
    await page.getByRole('heading', { name: shown, exact: true, level: 1 }).waitFor()
    await expectOnlyText(page)
    expect(await page.title()).toContain(shown)
    await page.goto(`${bangui.url}addresses/203.0.113.7`)
    await page.getByRole('button', { name: `Unban in ${shown}` }).click()
    await page.getByText(/^Not banned/).waitFor()
    await expectOnlyText(page)
    expect(await bannedIn(daemon, jail)).toEqual([])
  })

  test('has at most two lines on a phone, however long it is', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.setViewportSize({ width: 390, height: 844 })
    await daemon.ask('set', 'sshd', 'banip', 'z'.repeat(400), 'a b '.repeat(60))
    for (const path of ['bans', 'activity']) {
      await page.goto(`${bangui.url}${path}`)
      const links = page.getByRole('main').getByRole('link', { name: /^(?:zz|"a b)/ })
      await links.first().waitFor()
      // an element around the link cuts it
      for (const link of await links.all())
        expect((await link.locator('..').boundingBox())?.height).toBeLessThan(44)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    }
  })
})

describe('a log that cannot be followed', () => {
  test('is reported with what to do, and bans still appear', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    const note = page
      .getByRole('status')
      .or(page.getByRole('alert'))
      .filter({ hasText: 'cannot be followed' })
    await logTo(daemon, 'STDOUT')
    await note.getByText(/logs to STDOUT.*within ten seconds.*set logtarget/).waitFor()
    await logTo(daemon, daemon.logfile)
    await expect.poll(() => note.count()).toBe(0)
    await attack(daemon, 'sshd', ['203.0.113.7'])
    await expect.poll(() => rowsOf(page).count()).toBe(1)
  })

  test('because of the form of its lines is reported with one of them', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    const target = `${daemon.folder}/own.log[format="%%(levelname)s <b>%%(message)s"]`
    await writeFile(join(daemon.configDir, 'fail2ban.local'), `[DEFAULT]\nlogtarget = ${target}\n`)
    await daemon.stop()
    await daemon.start()
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText(/in a format that BanGUI does not recognize, such as “INFO <b>/).waitFor()
  })
})
