import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { keepScreens } from './support/screens.ts'
import { test } from './support/test.ts'

describe('a configuration that fail2ban would not start with', () => {
  test('is shown on every page, with the file and the line, until it is corrected', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }, { name: 'mail' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(bangui.url)
    await page.getByText('All 3 enabled jails are running').waitFor()
    const file = join(daemon.configDir, 'jail.local')
    await writeFile(file, '[web]\nfailregex = ^used 90% of quota from <HOST>$\n')
    const umlaut = join(daemon.configDir, 'jail.d', 'shop.conf')
    await writeFile(umlaut, Buffer.from('# Müller\n', 'latin1'))
    const title = `fail2ban would not start because of ${file}, line 2`
    const banner = page.getByRole('alert').filter({ hasText: title })
    await banner.getByText('“%” must be written “%%”').waitFor()
    await banner.getByRole('button', { name: 'Output of fail2ban' }).click()
    await banner.getByText("'%' must be followed by '%'").waitFor()
    await keepScreens(page, { page: 'overview', state: 'refused' })
    await page.goto(`${bangui.url}jails`)
    await banner.waitFor()
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'web', exact: true }) })
    await row.getByText(`(${file}, line 2)`).waitFor()
    await keepScreens(page, { page: 'jails', state: 'refused' })
    await rm(file)
    await rm(umlaut)
    await banner.waitFor({ state: 'detached' })
    expect(await page.getByText('passes over').count()).toBe(0)
  })
})
