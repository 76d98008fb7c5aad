import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

const wide = { width: 1440, height: 900 }

describe('the files of the configuration', () => {
  test('are backed up as one archive, restored by way of the draft, and what upgrades left is compared', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
    const inFolder = (name: string) => join(daemon.configDir, name)
    await writeFile(inFolder('jail.local'), '[web]\nmaxretry = 4\n')
    await writeFile(inFolder('fail2ban.conf.dpkg-dist'), '[Definition]\nloglevel = <script>\n')
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url)
    await page.setViewportSize(wide)
    await page.goto(`${bangui.url}configuration`)

    const left = page.getByRole('region', { name: 'Files left by upgrades' })
    await left.getByRole('button', { name: 'fail2ban.conf.dpkg-dist version of the package' }).click()
    await left.getByText('+loglevel = <script>').waitFor()
    const card = page.getByRole('region', { name: 'Backup' })
    const downloading = page.waitForEvent('download')
    await card.getByRole('button', { name: 'Download backup' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toMatch(/^fail2ban-.*\.tar\.gz$/)
    const archive = await download.path()
    await card.getByText(/tar\.gz has \d+ files/).waitFor()

    await writeFile(inFolder('jail.local'), '[web]\nmaxretry = 9\n')
    await writeFile(inFolder('jail.d/later.local'), '[web]\nfindtime = 5m\n')
    const choosing = page.waitForEvent('filechooser')
    await card.getByRole('button', { name: 'Restore from a backup…' }).click()
    const chooser = await choosing
    faults.allow(/400/)
    await chooser.setFiles({
      name: 'x.tar.gz',
      mimeType: 'application/gzip',
      buffer: Buffer.from('no archive'),
    })
    await card.getByText('This backup cannot be read.').waitFor()
    await page.getByLabel('Backup to restore from').setInputFiles(archive)
    const dialog = page.getByRole('dialog', { name: 'Restore from a backup' })
    await dialog.getByText('1 file would change').waitFor()
    await dialog.getByText('Also remove 1 own file that the backup does not have').click()
    await dialog
      .getByRole('list', { name: 'Files that are removed' })
      .getByText('jail.d/later.local')
      .waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'restore' })).toEqual([])
    await page.setViewportSize(wide)
    await dialog.getByRole('button', { name: 'Add to draft' }).click()

    const panel = page.getByRole('complementary', { name: 'Draft' })
    await panel.getByText('+maxretry = 4').waitFor()
    await panel.getByText('-findtime = 5m').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'backup' })).toEqual([])
    await page.setViewportSize(wide)
    await panel.getByRole('button', { name: 'Review and apply' }).click()
    await page
      .getByRole('dialog', { name: 'Review the draft' })
      .getByRole('button', { name: 'Apply changes' })
      .click()
    await page.getByText('The configuration was changed').waitFor()
    expect(await readFile(inFolder('jail.local'), 'utf8')).toBe('[web]\nmaxretry = 4\n')
    expect(await readFile(inFolder('jail.d/later.local'), 'utf8').catch(() => null)).toBeNull()
    expect(await readFile(inFolder('fail2ban.conf.dpkg-dist'), 'utf8')).toContain('<script>')
  })
})
