import { writeFile } from 'node:fs/promises'
import { describe, expect } from 'vitest'
import { attack } from './support/attack.ts'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

const failregex = String.raw`^.*fail2ban\.actions\s+\[\d+\]: NOTICE\s+\[(?!recidive\])[^\]]*\]\s+Ban <HOST>\s*$`

describe('a jail that reads the log of fail2ban itself', () => {
  test('does not show failures on the pages: only its own page shows its counts', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', bantime: '1h' }] })
    await writeFile(daemon.logfile, '', { flag: 'a' })
    await daemon.addJail({ name: 'recidive', maxretry: 9, logPath: daemon.logfile, failregex })
    await daemon.client('reload')
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'recidive' }).waitFor()
    await attack(daemon, 'sshd', ['45.1.1.1', '45.1.1.2', '45.1.1.3'])
    await expect
      .poll(() => daemon.client('status', 'recidive').then(({ output }) => output))
      .toMatch(/Total failed:\s*3/)
    await page.goto(`${bangui.url}activity?type=failure`)
    await page.getByRole('group', { name: 'Kinds' }).getByRole('button', { name: 'Failures 9' }).waitFor()
    await page.goto(bangui.url)
    const failures = page.getByRole('link', { name: 'Failures', exact: true }).locator('xpath=../..')
    await failures.getByText('9', { exact: true }).waitFor()
    expect(await inspect(page, { page: 'overview', state: 'own-log' })).toEqual([])
    await page.goto(`${bangui.url}jails`)
    await page.getByRole('row', { name: /recidive/ }).waitFor()
    expect(await inspect(page, { page: 'jails', state: 'own-log' })).toEqual([])
    await page.goto(`${bangui.url}jails/recidive`)
    await page.getByText('This jail reads fail2ban’s own log.').waitFor()
    expect(await inspect(page, { page: 'jail', state: 'own-log' })).toEqual([])
  })
})
