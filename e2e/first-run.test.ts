import { describe, expect } from 'vitest'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { administrator, type BanguiProcess } from './support/bangui.ts'
import { test } from './support/test.ts'

const linkOf = async (bangui: BanguiProcess) => {
  const find = () => bangui.lines.find((line) => line['event'] === 'setup_required')
  await expect.poll(find).toBeDefined()
  return String(find()?.['url'])
}

describe('the first visit', () => {
  test('leads from the link in the log through account and connection to the live overview', async ({
    world,
  }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx', enabled: false }] })
    const bangui = await world.serve(environmentOf(daemon))
    const { page } = await world.visitor()
    await page.goto(await linkOf(bangui))
    await page.getByRole('heading', { name: 'Set up BanGUI', level: 1 }).waitFor()
    expect(page.url()).toBe(`${bangui.url}setup`)

    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('A password has at least 10 characters.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Create account' }).click()

    await page.getByText('Connected to fail2ban 1.0.2').waitFor()
    await page.getByText('2 jails, 1 running, 0 addresses banned now.').waitFor()
    await page.getByRole('button', { name: 'Open the overview' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await page.getByRole('banner').getByText('Live', { exact: true }).waitFor()

    await page.goto(`${bangui.url}setup`)
    await page.getByText('Setup is already complete.').waitFor()
  })

  test('asks for the token if the link was not used, and says when it is wrong', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }] })
    const bangui = await world.serve(environmentOf(daemon))
    const { page, faults } = await world.visitor()
    await page.goto(bangui.url)
    await expect.poll(() => page.url()).toBe(`${bangui.url}setup`)
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Enter the setup token.').waitFor()

    faults.allow(/40[13]/)
    await page.getByLabel('Setup token').fill('not-the-token')
    await page.getByRole('button', { name: 'Create account' }).click()
    const token = page.getByRole('textbox', { name: 'Setup token' })
    await expect.poll(() => token.getAttribute('aria-invalid')).toBe('true')
    await expect.poll(() => page.locator('form').textContent()).toMatch(/setup token .*(wrong|not)/i)

    await token.fill(new URL(await linkOf(bangui)).hash.slice(1))
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Connected to fail2ban 1.0.2').waitFor()
  })

  test('says what to do if fail2ban is missing, and finds it once it is there', async ({ world }) => {
    const daemon = await world.daemon()
    await daemon.stop()
    const bangui = await world.serve(environmentOf(daemon))
    const { page } = await world.visitor()
    await page.goto(await linkOf(bangui))
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('alert').getByText('fail2ban is not running.').waitFor()
    await page.getByText(/^sudo fail2ban-server .* start$/).waitFor()
    await daemon.start()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('Connected to fail2ban 1.0.2').waitFor()
  })
})
