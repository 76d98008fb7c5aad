import { expect } from 'vitest'
import { test } from './support/test.ts'

test('settings of a jail are made permanent after a preview', async ({ world }) => {
  const daemon = await world.daemon({ jails: [{ name: 'app' }] })
  const bangui = await world.bangui(daemon)
  await daemon.client('set', 'app', 'bantime', '7200')
  const { page } = await world.visitor(bangui.url)
  await page.goto(new URL('jails/app', bangui.url).href)
  await page.getByRole('textbox', { name: 'Failures allowed' }).fill('7')
  await page.getByRole('button', { name: 'Apply and save…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Actions for Ban time').selectOption('write')
  await dialog.getByText('+bantime = 7200').waitFor()
  await dialog.getByRole('button', { name: 'Write and load' }).click()
  await page.getByText('app is changed').waitFor()
  expect((await daemon.client('get', 'app', 'maxretry')).output).toBe('7')
  expect((await daemon.client('get', 'app', 'bantime')).output).toBe('7200')
})
