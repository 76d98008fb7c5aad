import { mkdir, readFile, writeFile } from 'node:fs/promises'
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

/** A fail2ban whose `sshd` has a ban time in two files, and one of them not loaded yet. */
async function openConfiguration(world: World, path = '') {
  const daemon = await world.daemon({
    jails: [{ name: 'sshd' }, { name: 'web' }, { name: 'spare', enabled: false }],
  })
  await write(
    daemon,
    'jail.local',
    '# own settings\n[DEFAULT]\nbantime = 2h\nbantimme = 1d\n\n[sshd]\nbantime = 1h\nmaxretry = 4\n',
  )
  await write(daemon, 'jail.d/hidden.local', '[web]\nnote = U\u202eTC\n')
  const bangui = await world.bangui(daemon)
  const visitor = await world.visitor(bangui.url)
  await visitor.page.goto(`${bangui.url}configuration${path}`)
  return { ...visitor, daemon, url: bangui.url }
}

describe('the configuration', () => {
  test('is shown as a tree, setting by setting, with the places that decide', async ({ world }) => {
    const { page } = await openConfiguration(world)
    const tree = page.getByRole('navigation', { name: 'Configuration' })
    await tree.getByRole('link', { name: 'sshd' }).waitFor()
    expect(await inspect(page, { page: 'configuration' })).toEqual([])
    await tree.getByRole('link', { name: 'sshd' }).click()
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    const row = page.locator('article', { has: page.getByRole('heading', { name: 'Ban time', exact: true }) })
    await row.getByText('In force: 600 (10 min)').waitFor()
    expect(await row.getByRole('link', { name: 'jail.local:7' }).count()).toBe(1)
    await row.getByRole('button', { name: /^Also set in/ }).click()
    await row.getByRole('link', { name: 'jail.local:3' }).waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'jail' })).toEqual([])
    await row.getByRole('link', { name: 'jail.local:7' }).first().click()
    await page.getByRole('textbox', { name: 'Text of jail.local' }).waitFor()
    await page.locator('.cm-linked', { hasText: 'bantime = 1h' }).waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'file' })).toEqual([])
  })

  test('says which jails a value of [DEFAULT] reaches, and what an unknown name probably means', async ({
    world,
  }) => {
    const { page } = await openConfiguration(world, '/default')
    const row = (name: string) =>
      page.locator('article', { has: page.getByRole('heading', { name, exact: true }) })
    await row('Ban time').getByText('enabled jails.').waitFor()
    await row('Ban time').getByRole('link', { name: 'sshd' }).waitFor()
    await row('bantimme').getByText('Did you mean bantime?').waitFor()
  })

  test('shows the log of a jail as it is now, how repeated bans grow, and what only the host allows', async ({
    world,
  }) => {
    const { page, daemon } = await openConfiguration(world, '/jails/web')
    await daemon.logFailure('web', '192.0.2.7')
    const row = (name: string) =>
      page.locator('article', { has: page.getByRole('heading', { name, exact: true }) })
    await row('Log files').getByText('1 of the last 1 line matches').waitFor()
    await row('Actions')
      .getByRole('img', { name: /needs BANGUI_CONFIG_WRITE=all/ })
      .waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'jail-form' })).toEqual([])
    await write(daemon, 'jail.d/grow.local', '[web]\nbantime.increment = true\n')
    await page.reload()
    const chart = page.getByRole('region', { name: 'Length of repeated bans' })
    await chart.getByText('8 h', { exact: true }).waitFor()
    await chart.getByText('too short for longer bans of repeat offenders').waitFor()
    await chart.scrollIntoViewIfNeeded()
    expect(await inspect(page, { page: 'configuration', state: 'increment' })).toEqual([])
    await row('Longest ban')
      .getByRole('button', { name: /^Change/ })
      .click()
    await page.getByRole('textbox', { name: 'Longest ban' }).fill('5h')
    await page.getByRole('button', { name: 'Add to draft' }).click()
    await chart.getByText('5 h', { exact: true }).first().waitFor()
  })

  test('shows characters that are hidden in a file', async ({ world }) => {
    const { page } = await openConfiguration(world, '/files/jail.d/hidden.local?line=2')
    await page.getByText('\\u{202e}').waitFor()
    expect(await page.locator('.cm-content').textContent()).not.toContain('\u202e')
  })

  test('shows its files, and what is in them, also while fail2ban could not start with it', async ({
    world,
  }) => {
    const { page, daemon, url } = await openConfiguration(world)
    await daemon.stop()
    await write(daemon, 'jail.conf', 'no section\n')
    await write(daemon, 'jail.local', 'no section\n')
    await page.goto(`${url}configuration/files/jail.conf`)
    await page.locator('.cm-line', { hasText: 'no section' }).waitFor()
  })

  test('is searched and opened by keyboard', async ({ world }) => {
    const { page } = await openConfiguration(world)
    const tree = page.getByRole('navigation', { name: 'Configuration' })
    await tree.getByRole('link', { name: 'sshd' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('findti')
    const option = tree.getByRole('link', { name: /^findtime/ })
    await option.waitFor()
    await page.keyboard.press('Tab')
    await expect.poll(() => option.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '[DEFAULT]', level: 1 }).waitFor()
    const focused = page.locator('article:focus')
    await focused.getByRole('heading', { name: 'Find time' }).waitFor()
  })
})

describe('a change of the configuration', () => {
  test('is typed into a form, reviewed, applied and reverted', async ({ world }) => {
    const { page, daemon } = await openConfiguration(world, '/jails/web')
    const row = page.locator('article', { has: page.getByRole('heading', { name: 'Ban time', exact: true }) })
    await row.getByRole('button', { name: 'Change Ban time' }).click()
    const field = row.getByRole('textbox', { name: 'Ban time' })
    await field.fill('soon')
    await row.getByText('The value must be a duration such as').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'form' })).toEqual([])
    await field.fill('3h')
    await page.keyboard.press('Enter')
    await row.getByText('In the draft: 3h').waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel)
    await expect.poll(focused).toBe('Change Ban time')
    await page.getByRole('button', { name: 'Review and apply' }).click()
    const dialog = page.getByRole('dialog', { name: 'Review the draft' })
    await dialog.getByText('Tested on a copy').waitFor()
    await dialog.getByText('+bantime = 3h').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'review' })).toEqual([])
    await dialog.getByRole('textbox', { name: 'Note' }).fill('too many guests')
    await dialog.getByRole('button', { name: 'Apply changes' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row.getByText('3h', { exact: true }).waitFor()
    expect(await readFile(join(daemon.configDir, 'jail.local'), 'utf8')).toContain('bantime')
    await page
      .getByRole('navigation', { name: 'Configuration' })
      .getByRole('link', { name: /^Changes/ })
      .click()
    await page.getByText('too many guests').waitFor()
    await page.getByRole('button', { name: 'Changing jail web', exact: true }).click()
    await page.getByText('+bantime = 3h').waitFor()
    await page.getByText('fail2ban accepted the change on a copy of the configuration.').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'changes' })).toEqual([])

    const own = join(daemon.configDir, 'jail.d', 'zz-bangui.local')
    await writeFile(own, (await readFile(own, 'utf8')).replace('bantime = 3h', 'bantime = 5h'))
    await page.getByRole('button', { name: 'Revert: Changing jail web' }).click()
    const revert = page.getByRole('dialog', { name: /^Revert:/ })
    const back = revert.getByRole('radio', { name: /Go back to the value before/ })
    await back.waitFor()
    expect(await revert.getByText('Keep the current value').textContent()).toContain('5h')
    expect(await inspect(page, { page: 'configuration', state: 'revert' })).toEqual([])
    await back.check()
    await revert.getByText('-bantime = 5h').waitFor()
    await revert.getByRole('button', { name: 'Revert the change' }).click()
    await page.getByText('reverted', { exact: true }).waitFor()
    expect(await readFile(own, 'utf8').catch(() => '')).not.toContain('bantime')
    // what was written into the file without BanGUI has an entry of its own
    await page.getByRole('button', { name: /^Changed outside BanGUI: .*zz-bangui\.local/ }).click()
    await page.getByText('+bantime = 5h').waitFor()
    await page.getByText('outside BanGUI', { exact: true }).waitFor()
  })

  test('that fail2ban would refuse stays in the draft, with the reason', async ({ world }) => {
    const { page, daemon } = await openConfiguration(world, '/files/jail.local')
    const before = await readFile(join(daemon.configDir, 'jail.local'), 'utf8')
    const text = page.getByRole('textbox', { name: 'Text of jail.local' })
    await text.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('\nno setting')
    await page.getByText('This text is in the draft, not in the file').waitFor()
    await page.getByRole('button', { name: 'Review and apply' }).click()
    const dialog = page.getByRole('dialog', { name: 'Review the draft' })
    await dialog
      .getByText(/no setting|not a setting/)
      .first()
      .waitFor()
    expect(await dialog.getByRole('button', { name: 'Apply changes' }).count()).toBe(0)
    expect(await readFile(join(daemon.configDir, 'jail.local'), 'utf8')).toBe(before)
    await page.keyboard.press('Escape')
    await page
      .locator('.cm-message', { hasText: /no setting|not a setting/ })
      .first()
      .waitFor()
  })
})
