import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'
import type { World } from './support/world.ts'

const write = async ({ configDir }: PrivateDaemon, path: string, text: string) => {
  await mkdir(dirname(join(configDir, path)), { recursive: true })
  await writeFile(join(configDir, path), text)
}

/** A jail whose filter has modes, and whose action has parameters. */
async function openJail(world: World, level: 'jails' | 'all') {
  const daemon = await world.daemon({ jails: [{ name: 'shop' }] })
  await write(
    daemon,
    'filter.d/store.conf',
    '[Definition]\nmdre-normal = ^n <HOST>$\nmdre-strict = ^s <HOST>$\nfailregex = ^.*Failed login for .* from <HOST>$\n  <mdre-<mode>>\nmode = normal\nlogtype = file\n',
  )
  await write(daemon, 'filter.d/store.local', '[Definition]\nlogtype = syslog\n')
  await write(
    daemon,
    'action.d/fence.conf',
    '[Definition]\nactionban = true <ip> <port> <chain>\n[Init]\nport = 80\nchain = INPUT\nblocktype = DROP\n',
  )
  await write(
    daemon,
    'jail.local',
    '[DEFAULT]\naction_ = %(banaction)s[port="%(port)s"]\nbanaction = fence\nport = 443\nignoreip = 192.0.2.1, home.example.com\n[shop]\nfilter = store\naction = %(action_)s\n',
  )
  await daemon.client('reload')
  const bangui = await world.bangui(daemon, { BANGUI_CONFIG_WRITE: level })
  const visitor = await world.visitor(bangui.url)
  const { page } = visitor
  await page.goto(`${bangui.url}configuration/jails/shop`)
  const row = (name: string) =>
    page.locator('article', { has: page.getByRole('heading', { name, exact: true }) })
  const change = (name: string) =>
    row(name)
      .getByRole('button', { name: `Change ${name}` })
      .click()
  const add = (name: string) => row(name).getByRole('button', { name: 'Add to draft' }).click()
  return { ...visitor, url: bangui.url, row, change, add }
}

describe('the form of a jail', () => {
  test('has fields for the filter, the actions and their parameters, and for each entry of the ignore list', async ({
    world,
  }) => {
    const { page, row, change, add } = await openJail(world, 'all')
    await row('Actions').getByText('port = 443').waitFor()

    await change('Filter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT')
    await row('Filter').getByLabel('Mode').selectOption('strict')
    await row('Filter').getByRole('button', { name: 'More parameters' }).click()
    await row('Filter').getByRole('textbox', { name: 'logtype' }).fill('journal')

    await change('Actions')
    await row('Actions').getByRole('button', { name: 'Edit its actions' }).click()
    await row('Actions').getByRole('button', { name: 'Parameters' }).click()
    await row('Actions').getByRole('textbox', { name: 'Ports' }).fill('80;id')
    await row('Actions').getByText('The value must be port names and numbers').waitFor()
    await row('Actions').getByRole('textbox', { name: 'Ports' }).fill('%(port)s')
    await row('Actions').getByText('Now 443. Default: 80').waitFor()
    await row('Actions').getByRole('textbox', { name: 'Ports' }).fill('80,8080')
    await row('Actions').getByLabel('Add an action').selectOption('noop')
    await row('Actions').getByRole('button', { name: 'Move noop up' }).click()

    await change('Never ban')
    const list = row('Never ban').getByRole('list', { name: 'Entries that are never banned' })
    await list.getByText('host name, which fail2ban looks up in DNS').waitFor()
    await row('Never ban').getByRole('button', { name: 'Remove 192.0.2.1' }).click()
    await row('Never ban').getByRole('button', { name: 'Keep 192.0.2.1' }).click()
    await row('Never ban').getByRole('button', { name: 'Remove home.example.com' }).click()
    const entry = row('Never ban').getByRole('textbox', { name: 'Add an address' })
    await entry.fill('0.0.0.0/0')
    await row('Never ban').getByText('nobody would ever be banned').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'fields' })).toEqual([])
    await entry.fill('2001:db8::/32')
    await page.keyboard.press('Enter')
    await row('Never ban').getByRole('button', { name: 'Add 127.0.0.1' }).click()
    await list.getByText('your address').waitFor()
    await add('Never ban')
    await add('Actions')
    await add('Filter')
    await row('Filter').getByText('store[mode=strict, logtype=journal]').waitFor()

    await page.getByRole('button', { name: 'Review and apply' }).click()
    const dialog = page.getByRole('dialog', { name: 'Review the draft' })
    await dialog.getByText('Tested on a copy').waitFor()
    await dialog.getByText('+filter = store[mode=strict, logtype=journal]').waitFor()
    await dialog.getByText('+action = noop').waitFor()
    await dialog.getByText('+    %(banaction)s[port="80,8080"]').waitFor()
    // the list of the jail is its own now
    await dialog.getByText('+ignoreip = 192.0.2.1 2001:db8::/32 127.0.0.1').waitFor()
  })

  test('and the text beside it are the same draft: each shows what the other one changes', async ({
    world,
  }) => {
    const { page, url, row, change, add } = await openJail(world, 'jails')
    await page.getByText('Form and text').click()
    const text = page.getByRole('textbox', { name: 'Text of jail.local' })
    await text.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('findt')
    const suggestions = page.getByRole('listbox', { name: 'Suggestions' })
    await suggestions.getByRole('option', { name: /^findtime/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type(' = 7m')
    await row('Find time').getByText('With the draft: 7m').waitFor()

    // at this level, the parameters that name ports and the like can be changed, and nothing else of the actions
    await change('Actions')
    await row('Actions').getByRole('button', { name: 'Edit its actions' }).click()
    await row('Actions').getByRole('button', { name: 'Parameters' }).click()
    expect(await row('Actions').getByRole('combobox').count()).toBe(0)
    await row('Actions').getByRole('textbox', { name: 'Ports' }).fill('80,8080')
    await add('Actions')
    await page.locator('.cm-line', { hasText: 'action = %(banaction)s[port="80,8080"]' }).waitFor()

    await change('Failures before a ban')
    await row('Failures before a ban').getByRole('textbox').fill('7')
    await add('Failures before a ban')
    await page.getByRole('combobox', { name: 'File' }).selectOption('jail.d/zz-bangui.local')
    await page.locator('.cm-line', { hasText: 'maxretry = 7' }).waitFor()
    await page.getByRole('textbox', { name: 'Text of jail.d/zz-bangui.local' }).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('bantime = soon')
    await page.locator('.cm-message', { hasText: 'the value must be a duration' }).waitFor()
    await row('Ban time').getByText('the value must be a duration').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'text' })).toEqual([])

    await page.getByRole('button', { name: 'Remove from the draft' }).click()
    await page.getByText('This file does not exist yet.').waitFor()
    await page.getByRole('combobox', { name: 'File' }).selectOption('jail.local')
    await page.locator('.cm-line', { hasText: 'findtime = 7m' }).waitFor()

    await page.goto(`${url}configuration/filters/store`)
    await page.getByRole('button', { name: 'Remove the override' }).click()
    await row('logtype').getByText('With the draft: file').waitFor()
  })
})
