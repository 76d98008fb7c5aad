import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'

describe('the demo', () => {
  test('shows DEMO on every page, and live events', async ({ world }) => {
    const bangui = await world.serve({ BANGUI_DATA_DIR: await world.folder() }, { args: ['--demo'] })
    const { page } = await world.visitor()
    const link = () => bangui.lines.find((line) => line['event'] === 'setup_required')
    await expect.poll(link).toBeDefined()
    await page.goto(String(link()?.['url']))
    await page.getByLabel('User name').fill('visitor')
    await page.getByLabel('Password', { exact: true }).fill('several unrelated words')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: 'Open the overview' }).click()
    const demo = page.getByRole('note').getByText('DEMO', { exact: true })
    await demo.waitFor()

    const failures = page
      .getByRole('link', { name: 'Failures', exact: true })
      .locator('xpath=../..')
      .locator('p')
      .nth(1)
    await expect.poll(() => failures.textContent()).toMatch(/^[\d,]+$/)
    const first = await failures.textContent()
    await expect.poll(() => failures.textContent()).not.toBe(first)
    expect(await inspect(page, { page: 'overview', state: 'demo' })).toEqual([])
    for (const path of ['activity', 'bans', 'map', 'jails', 'jails/sshd', 'settings', 'nowhere']) {
      await page.goto(`${bangui.url}${path}`)
      await demo.waitFor()
    }
  })
})
