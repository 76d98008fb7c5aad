import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

const namesOf = (page: Page) => page.getByRole('rowheader').getByRole('link').allTextContents()

describe('the jails page', () => {
  test('is searched, filtered and sorted in the URL, which survives reload and back', async ({ world }) => {
    const jails = [{ name: 'sshd' }, { name: 'nginx-auth' }, { name: 'nginx-bots', enabled: false }]
    const daemon = await world.daemon({ jails })
    const bangui = await world.bangui(daemon)
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', '203.0.113.9')
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('link', { name: 'Jails', exact: true }).click()
    await expect.poll(() => namesOf(page)).toEqual(['nginx-auth', 'nginx-bots', 'sshd'])

    await page.keyboard.press('/')
    await page.keyboard.type('nginx')
    await expect.poll(() => namesOf(page)).toEqual(['nginx-auth', 'nginx-bots'])
    expect(page.url()).toBe(`${bangui.url}jails?search=nginx`)
    await page.getByRole('radio', { name: 'Off 1' }).check()
    await expect.poll(() => namesOf(page)).toEqual(['nginx-bots'])
    await page.reload()
    await expect.poll(() => namesOf(page)).toEqual(['nginx-bots'])
    expect(await page.getByRole('searchbox', { name: 'Search jails' }).inputValue()).toBe('nginx')

    await page.getByRole('searchbox', { name: 'Search jails' }).fill('')
    await page.getByRole('radio', { name: 'All 3' }).check()
    await page
      .getByRole('row', { name: 'sshd' })
      .getByRole('cell', { name: '1', exact: true })
      .first()
      .waitFor()
    await page.getByRole('columnheader', { name: 'Banned' }).getByRole('button').click()
    await expect.poll(async () => (await namesOf(page))[0]).toBe('sshd')
    expect(page.url()).toBe(`${bangui.url}jails?sort=-banned`)

    await page.getByRole('link', { name: 'sshd' }).click()
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    await page.goBack()
    await expect.poll(async () => (await namesOf(page))[0]).toBe('sshd')
    expect(page.url()).toBe(`${bangui.url}jails?sort=-banned`)

    await page.getByRole('searchbox', { name: 'Search jails' }).fill('no such jail')
    await page.getByText('No jail matches “no such jail”').waitFor()
    await page.getByRole('button', { name: 'Show all jails' }).click()
    await expect.poll(() => namesOf(page)).toHaveLength(3)
  })

  test('shows for each setting the file and the line that set it', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd', maxretry: 4 }] })
    const bangui = await world.bangui(daemon)
    const { page, faults } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}jails/sshd`)
    await page.getByText('Bans an address for 10 min after 4 failures within 10 min.').waitFor()
    await page.getByRole('tab', { name: 'Settings' }).click()
    const settings = page.getByRole('region', { name: 'Settings in the configuration' })
    const retries = settings.getByRole('row', { name: 'maxretry' })
    await retries.getByText('4', { exact: true }).waitFor()
    await retries.getByText(new RegExp(`${daemon.configDir}/jail\\.conf:\\d+`)).waitFor()
    const enabled = settings.getByRole('row', { name: 'enabled' })
    await enabled.getByText(`${daemon.configDir}/jail.d/defaults.conf:2`).waitFor()

    faults.allow(/404/)
    await page.goto(`${bangui.url}jails/nothing`)
    await page.getByText('The configuration has no jail named nothing').waitFor()
  })

  test('activates a jail after a preview, and deactivates it with the bans that end', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx', enabled: false }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}jails`)
    const row = page.getByRole('row', { name: 'nginx' })
    await row.getByRole('button', { name: 'Activate nginx' }).click()
    const dialog = page.getByRole('dialog', { name: 'Activate nginx' })
    await dialog.getByText('Tested on a copy of the configuration: OK.').waitFor()
    await dialog
      .getByRole('region', { name: /^Changes of .*zz-bangui/ })
      .getByText('+enabled = true')
      .waitFor()
    await dialog.getByRole('button', { name: 'Activate nginx' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    await row.getByText('Running', { exact: true }).waitFor()
    expect((await daemon.client('status', 'nginx')).ok).toBe(true)

    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('nginx', '203.0.113.10')
    await row.getByRole('cell', { name: '1', exact: true }).first().waitFor()
    await row.getByRole('button', { name: 'Deactivate nginx' }).click()
    const off = page.getByRole('dialog', { name: 'Deactivate nginx' })
    await off.getByText('1 ban of this jail ends at once.').waitFor()
    await off.getByRole('button', { name: 'Deactivate nginx' }).click()
    await row.getByText('Off', { exact: true }).waitFor()
    expect((await daemon.client('status', 'nginx')).ok).toBe(false)
    expect((await daemon.client('status', 'sshd')).ok).toBe(true)
  })

  test('shows why a jail with an invalid regex is refused, and no other jail loses a ban', async ({
    world,
  }) => {
    const daemon = await world.daemon({
      jails: [{ name: 'sshd' }, { name: 'broken', enabled: false, failregex: '^(unclosed <HOST>$' }],
    })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    for (let failure = 0; failure < 3; failure += 1) await daemon.logFailure('sshd', '203.0.113.11')
    await page.goto(`${bangui.url}jails`)
    const sshd = page.getByRole('row', { name: 'sshd' })
    await sshd.getByRole('cell', { name: '1', exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Activate broken' }).click()
    const dialog = page.getByRole('dialog', { name: 'Activate broken' })
    await dialog.getByText('fail2ban would refuse this, so nothing was changed.').waitFor()
    await dialog
      .getByRole('region', { name: 'Output of fail2ban' })
      .getByText(/unclosed/)
      .waitFor()
    expect(await dialog.getByRole('button', { name: 'Activate broken' }).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('row', { name: 'broken' }).getByText('Off', { exact: true }).waitFor()
    const status = await daemon.client('status', 'sshd')
    expect(status.output).toContain('203.0.113.11')
  })
})
