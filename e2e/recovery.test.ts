import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { unattended } from './support/bangui.ts'
import { inspect } from './support/inspect.ts'
import { looks } from './support/looks.ts'
import { keepScreens, wear } from './support/screens.ts'
import { test } from './support/test.ts'

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(files.toSorted().map(async (file) => [file, await readFile(file, 'utf8')])),
  )
}

describe('an activation that kills fail2ban', () => {
  test('is shown at once, survives a kill of BanGUI, and is undone with one click', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    await daemon.addCrashingJail('bad')
    const before = await contentsOf(daemon.configDir)
    const env = { ...environmentOf(daemon), ...unattended, BANGUI_PROBE_INTERVAL_SECONDS: '3600' }
    const bangui = await world.serve(env)
    const proxy = await world.proxy(bangui.url)
    const { page, faults } = await world.visitor(proxy.url)
    const keep = (state: string) => keepScreens(page, { page: 'recovery', state })
    await page.goto(`${proxy.url}jails`)
    await page.getByRole('button', { name: 'Activate bad' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Activate bad' }).click()
    const banner = page.getByRole('alert').filter({ hasText: 'bad' })
    const happened = banner.getByText(/fail2ban stopped .+ after bad was activated/)
    await happened.waitFor()
    await page.evaluate(() => Object.assign(window, { __mark: true }))
    // the toast about the jail must not cover the button that undoes it
    await wear(page, looks.at(-1)!)
    await banner.getByRole('button', { name: 'Roll back and restart' }).click({ trial: true })

    faults.allow(/50[0-9]|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION|EventSource/)
    await bangui.kill('SIGKILL')
    const again = await world.serve(env)
    proxy.target = again.url
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await happened.waitFor()
    await keep('crashed')
    await banner.getByRole('button', { name: 'Show the log' }).click()
    await page.getByRole('dialog', { name: 'What happened' }).getByText('bad, activated').waitFor()
    await page.keyboard.press('Escape')

    await banner.getByRole('button', { name: 'Roll back and restart' }).click()
    await banner.getByText('Put the saved files back: done').waitFor()
    await banner.getByText('Wait for fail2ban to respond: done').waitFor()
    await keep('settling')
    await banner.getByText('fail2ban is online again: bad was rolled back').waitFor()
    await keep('recovered')
    expect(await contentsOf(daemon.configDir)).toEqual(before)
    expect((await daemon.client('status', 'sshd')).ok).toBe(true)
    await banner.getByRole('button', { name: 'Dismiss' }).click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    await page.getByRole('row', { name: 'bad' }).getByText('Off', { exact: true }).waitFor()
    expect(await page.evaluate(() => '__mark' in window)).toBe(true)
  })
})

describe('a fail2ban that a reload left without jails before BanGUI started', () => {
  test('is shown, and its jails are loaded with one click', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
    await daemon.addJail({ name: 'bad', bantime: 'nonsense' })
    await daemon.client('reload')
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    const banner = page.getByRole('alert').filter({ hasText: 'jails that should be running are not' })
    await banner.getByText('No known change caused this.').waitFor()
    expect(await inspect(page, { page: 'recovery', state: 'first-look' })).toEqual([])
    await banner.getByRole('button', { name: 'Show the log' }).click()
    await page.getByRole('dialog', { name: 'What happened' }).getByText('none known').waitFor()
    await page.keyboard.press('Escape')
    await banner.getByRole('button', { name: 'Load these jails' }).click()
    await page.getByText('No jail is missing now').waitFor()
    expect(await inspect(page, { page: 'recovery', state: 'loaded' })).toEqual([])
    expect((await daemon.client('status', 'sshd')).ok).toBe(true)
  })
})
