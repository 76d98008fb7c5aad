import { describe, expect } from 'vitest'
import { administrator } from './support/bangui.ts'
import { test } from './support/test.ts'

describe('the sign-in page', () => {
  test('reports a wrong password, then continues to the requested page', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon({ jails: [{ name: 'sshd' }] }))
    const { page, faults } = await world.visitor()
    await page.goto(`${bangui.url}jails?filter=running`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(new URL(page.url()).search).toBe(`?next=${encodeURIComponent('/jails?filter=running')}`)

    faults.allow(/401/)
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Incorrect user name or password.').waitFor()

    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByLabel('Password', { exact: true }).press('Enter')
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    expect(page.url()).toBe(`${bangui.url}jails?filter=running`)
  })

  test('never leads to another site', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon())
    const { page } = await world.visitor()
    await page.goto(`${bangui.url}sign-in?next=${encodeURIComponent('//example.org/')}`)
    await page.getByLabel('User name').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
    expect(new URL(page.url()).origin).toBe(new URL(bangui.url).origin)
  })

  test('is shown after signing out, and going back shows nothing', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon({ jails: [{ name: 'sshd' }] }))
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('link', { name: 'Jails', exact: true }).click()
    await page.getByRole('heading', { name: 'Jails', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Account of admin' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await expect.poll(() => page.getByText('sshd').count()).toBe(0)
  })

  test('is shown at once when the session is ended from another device', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon())
    const here = await world.visitor(bangui.url)
    const there = await world.visitor(bangui.url)
    // it may be loading something when its session ends
    there.faults.allow(/401/)
    await there.page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
    await here.page.getByRole('button', { name: 'Account of admin' }).click()
    await here.page.getByRole('menuitem', { name: 'Password and sessions' }).click()
    const sessions = here.page.getByRole('region', { name: 'Sessions' })
    await sessions.getByText('This device').waitFor()
    expect(await sessions.getByRole('row').count()).toBe(3)
    await sessions.getByRole('button', { name: /^End the session/ }).click()
    await there.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await here.page.getByText('Session ended').waitFor()
    await expect.poll(() => sessions.getByRole('row').count()).toBe(2)
    await here.page.getByRole('banner').getByText('Live', { exact: true }).waitFor()
  })
})
