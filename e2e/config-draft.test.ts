import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { inspect } from './support/inspect.ts'
import { test } from './support/test.ts'
import type { World } from './support/world.ts'

const wide = { width: 1440, height: 900 }

async function openDraft(world: World) {
  const daemon = await world.daemon({ jails: [{ name: 'sshd' }, { name: 'web' }] })
  const own = join(daemon.configDir, 'jail.local')
  await writeFile(own, '# own settings\n[web]\nmaxretry = 4\n')
  const bangui = await world.bangui(daemon)
  const visitor = await world.visitor(bangui.url)
  const open = async (page: Page, path: string) => {
    await page.setViewportSize(wide)
    await page.goto(`${bangui.url}configuration${path}`)
  }
  await open(visitor.page, '/jails/web')
  return { ...visitor, daemon, own, open }
}

const row = (page: Page, name: string) =>
  page.locator('article', { has: page.getByRole('heading', { name, exact: true }) })

async function type(page: Page, name: string, value: string): Promise<void> {
  await row(page, name)
    .getByRole('button', { name: `Change ${name}` })
    .click()
  await row(page, name).getByRole('textbox', { name }).fill(value)
  await page.keyboard.press('Enter')
}

async function change(page: Page, name: string, value: string): Promise<void> {
  await type(page, name, value)
  await row(page, name).getByText(`In the draft: ${value}`).waitFor()
}

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Draft' })

describe('the draft', () => {
  test('is kept on the server, shown as diffs beside the page, and undone edit by edit', async ({
    world,
  }) => {
    const { page, own, open } = await openDraft(world)
    await change(page, 'Ban time', '3h')
    await change(page, 'Failures before a ban', '7')
    const panel = panelOf(page)
    await panel.getByText('+maxretry = 7').waitFor()
    await panel.getByText('+bantime = 3h').waitFor()
    await panel.getByText('saved', { exact: true }).waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'draft' })).toEqual([])
    await page.setViewportSize(wide)

    await page.reload()
    await panel.getByText('2 changes in the draft').waitFor()
    await panel.getByText('+bantime = 3h').waitFor()

    await panel.getByRole('button', { name: /^Remove from the draft: Failures/ }).click()
    await panel.getByText('1 change in the draft').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await panel.getByText('+maxretry = 7').waitFor()

    await writeFile(own, '# own settings\n[web]\nmaxretry = 9\n')
    await page.reload()
    await panel.getByText('Somebody has changed this option since').waitFor()
    expect(await panel.getByText('is now').textContent()).toContain('it was 4 and is now 9')
    expect(await inspect(page, { page: 'configuration', state: 'draft-changed' })).toEqual([])
    await page.setViewportSize(wide)
    await panel.getByRole('button', { name: 'Keep mine' }).click()
    await panel.getByText('Somebody has changed this option since').waitFor({ state: 'hidden' })

    await panel.getByRole('button', { name: 'Discard all' }).click()
    await panel.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await panel.getByText('2 changes in the draft').waitFor()
    await panel.getByRole('button', { name: 'Review and apply' }).click()
    const dialog = page.getByRole('dialog', { name: 'Review the draft' })
    await dialog.getByRole('button', { name: 'Apply changes' }).click()
    await page.getByText('The configuration was changed').waitFor()
    await panel.waitFor({ state: 'hidden' })
    expect(await readFile(own, 'utf8')).toContain('maxretry = 7')
    await open(page, '')
    await page.getByRole('heading', { name: 'Your own files' }).waitFor()
    expect(await panel.count()).toBe(0)
  })

  test('is a sheet on a phone, opened and closed by keyboard', async ({ world }) => {
    const { page } = await openDraft(world)
    await change(page, 'Ban time', '3h')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('button', { name: 'Show the draft' }).focus()
    await page.keyboard.press('Enter')
    const sheet = page.getByRole('dialog', { name: 'Draft' })
    await sheet.getByText('+bantime = 3h').waitFor()
    expect(await inspect(page, { page: 'configuration', state: 'draft-sheet' })).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'hidden' })
  })

  test('of two tabs is merged; where both changed the same, both are shown', async ({ world }) => {
    const { page, context, faults, open } = await openDraft(world)
    const other = await context.newPage()
    await open(other, '/jails/web')
    await row(other, 'Ban time').waitFor()
    await change(page, 'Ban time', '3h')
    await panelOf(page).getByText('saved', { exact: true }).waitFor()
    // a page that is not looked at does not hear of it
    faults.allow(/409.*config\.saveDraft/)
    await type(other, 'Ban time', '5h')
    const panel = panelOf(other)
    await panel.getByText('You changed this in another tab as well').waitFor()
    await panel.getByText('Ban time of web: 5h').waitFor()
    expect(await inspect(other, { page: 'configuration', state: 'draft-conflict' })).toEqual([])
    await other.setViewportSize(wide)
    await panel.getByRole('button', { name: 'Keep the change of this tab' }).click()
    await panel.getByText('+bantime = 5h').waitFor()
  })
})
