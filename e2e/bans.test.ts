import { describe, expect } from 'vitest'
import { test } from './support/test.ts'

describe('the bans', () => {
  test('are made from a pasted list, found, ended and put back', async ({ world }) => {
    const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'nginx' }] })
    const bangui = await world.bangui(daemon)
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}bans`)
    await page.getByText('Nobody is banned now').waitFor()

    await page.getByRole('button', { name: 'Ban addresses' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ban addresses' })
    const addresses = dialog.getByRole('textbox', { name: 'Addresses and networks' })
    await addresses.fill('203.0.113.7, 203.0.113.8 # scanners\n127.0.0.1\nnonsense')
    await dialog.getByRole('combobox', { name: 'Jail' }).selectOption('sshd')
    await dialog.getByText('2 entries will not be banned:').waitFor()
    await dialog.getByRole('button', { name: 'Ban 2 addresses' }).click()
    await page.getByText('2 addresses banned in sshd').waitFor()
    await page.getByRole('link', { name: '203.0.113.8' }).waitFor()

    await page.getByRole('searchbox', { name: 'Search bans' }).fill('203.0.113.7')
    await page.getByText('1 ban', { exact: true }).waitFor()
    await page.getByRole('checkbox', { name: 'Select 203.0.113.7 in sshd' }).click()
    await page.getByRole('button', { name: 'Unban', exact: true }).click()
    const unbanned = page.getByText('203.0.113.7 unbanned')
    await unbanned.waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await page.getByText('203.0.113.7 banned again').waitFor()

    await page.getByRole('link', { name: '203.0.113.7' }).click()
    await page.getByText('Banned now in sshd.').waitFor()
    expect(page.url()).toBe(`${bangui.url}addresses/203.0.113.7`)
    await page.getByRole('button', { name: 'Unban in sshd' }).click()
    await page.getByText('Not banned.').waitFor()
  })
})
