import { spawn } from 'node:child_process'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

describe('a new jail', () => {
  test('is made of a service that runs here, with whom it would have banned, and runs after the apply', async ({
    world,
  }) => {
    const daemon = await world.daemon({
      jails: [{ name: 'sshd' }, { name: 'vsftpd', enabled: false, maxretry: 3 }],
    })
    const program = join(daemon.folder, 'vsftpd')
    await copyFile('/bin/sleep', program)
    const service = spawn(program, ['600'], { stdio: 'ignore' })
    try {
      for (const address of ['192.0.2.7', '192.0.2.7', '192.0.2.8', '192.0.2.7'])
        await daemon.logFailure('vsftpd', address)
      await daemon.writeLog('vsftpd', 'nothing of interest')
      const bangui = await world.bangui(daemon)
      const { page } = await world.visitor(bangui.url)
      await page.goto(`${bangui.url}configuration`)
      await page.getByRole('link', { name: 'New jail' }).first().click()
      await page.getByRole('radio', { name: /^vsftpd/ }).check()
      const preview = page.getByRole('region', { name: 'What it would have found' })
      await preview.getByText('1 address would have been banned.').waitFor()
      await page.getByText('4 of the last 5 lines match').waitFor()
      expect(await inspect(page, { page: 'configuration', state: 'new-jail' })).toEqual([])
      await page.getByRole('textbox', { name: 'Failures before a ban' }).fill('4')
      await preview.getByText('Nobody would have been banned.').waitFor()
      await page.getByRole('textbox', { name: 'Failures before a ban' }).fill('2')
      await page.getByRole('button', { name: 'Review and apply' }).click()
      const dialog = page.getByRole('dialog', { name: 'Review the draft' })
      await dialog.getByText('Tested on a copy').waitFor()
      await dialog.getByRole('button', { name: 'Apply changes' }).click()
      await page.getByRole('heading', { name: 'vsftpd', level: 1 }).waitFor()
      await page.getByText('Enabled jail.').waitFor()
      expect(await readFile(join(daemon.configDir, 'jail.d/zz-bangui.local'), 'utf8')).toContain(
        '[vsftpd]\nmaxretry = 2\nenabled = true\n',
      )
      expect((await daemon.client('status', 'vsftpd')).ok).toBe(true)
    } finally {
      service.kill('SIGKILL')
    }
  })

  test('is made of any filter, under a name of its own', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}configuration/new-jail`)
    await page
      .getByRole('combobox', { name: 'Filter' })
      .or(page.getByRole('radio', { name: /OpenSSH/ }))
      .first()
      .waitFor()
    await page.getByText('Any filter').click()
    await page.getByRole('combobox', { name: 'Filter' }).selectOption('sshd')
    await page.getByRole('button', { name: 'Review and apply' }).click()
    await page.getByText('There is already a jail with this name.').waitFor()
    await page.getByText('Choose at least one log file.').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'new-jail-wrong' })).toEqual([])
    await page.getByRole('textbox', { name: 'Name of the jail' }).fill('ssh-two')
    await page.getByRole('textbox', { name: 'Or enter a path' }).fill(join(daemon.folder, 'logs/sshd.log'))
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Add to draft' }).click()
    await page.getByText('The jail ssh-two is in the draft').waitFor()
    await page
      .getByRole('navigation', { name: 'Configuration' })
      .getByRole('link', { name: /ssh-two/ })
      .waitFor()
  })
})

describe('filters and actions', () => {
  test('are copied, and deleted only where no jail uses them', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}configuration/filters/app`)
    await page.getByRole('button', { name: 'Delete app' }).click()
    const question = page.getByRole('alertdialog', { name: 'Delete the filter app?' })
    await question.getByText('This filter is used').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'delete-used' })).toEqual([])
    expect(await question.getByRole('button', { name: 'Add deletion to draft' }).count()).toBe(0)
    await question.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('button', { name: 'Copy' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy the filter app' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('-x')
    await dialog.getByText('must not begin with').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'copy' })).toEqual([])
    await dialog.getByRole('textbox', { name: 'Name' }).fill('mine')
    await dialog.getByRole('button', { name: 'Add to draft' }).click()
    await page.getByText('The filter mine is in the draft').waitFor()
    await page.getByRole('button', { name: 'Review and apply' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply changes' }).click()
    await page.getByText('Used by no enabled jail.').waitFor()
    expect(await readFile(join(daemon.configDir, 'filter.d/mine.local'), 'utf8')).toContain('Failed login')
    await page.getByRole('button', { name: 'Delete mine' }).click()
    await page.getByRole('button', { name: 'Add deletion to draft' }).click()
    await page.getByText('Remove filter mine').or(page.getByText('1 change in the draft')).first().waitFor()
  })
})
