import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

const names = ['a, b', 'a/b 50%', 'a%41', 'jäil & ?x=1#y"<b>\'']

describe('jails with unusual names', () => {
  test('have their own pages and lists of bans, and every action works', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'app' }] })
    const log = join(daemon.folder, 'logs', 'app.log')
    const sections = names.map((name) => `[${name}]\nenabled = true\nfilter = app\nlogpath = ${log}\n`)
    await writeFile(join(daemon.configDir, 'jail.d', 'odd.conf'), sections.join(''))
    await daemon.client('reload')
    for (const name of names) await daemon.ask('set', name, 'banip', '203.0.113.7')
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    for (const name of names) {
      await page.goto(`${bangui.url}jails`)
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
      await page.getByText('Enabled and running.').waitFor()
      await page.getByRole('tab', { name: 'Bans', exact: true }).click()
      const bans = page.getByRole('table', { name: 'Active bans' })
      await bans.getByRole('rowheader').getByText('203.0.113.7').waitFor()
      await page.reload()
      await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor()
      await page.goto(`${bangui.url}bans?jail=${encodeURIComponent(name)}`)
      await bans.getByRole('row').getByRole('link', { name, exact: true }).waitFor()
      expect(await bans.getByRole('rowheader').count()).toBe(1)
    }
    await page.goto(`${bangui.url}jails/${encodeURIComponent('a, b')}`)
    await page.getByRole('button', { name: 'Actions for a, b' }).click()
    await page.getByRole('menuitem', { name: 'Reload' }).click()
    await page.getByText('a, b reloaded').waitFor()
  })
})
