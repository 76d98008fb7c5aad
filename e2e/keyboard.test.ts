import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { settle } from './support/screens.ts'
import { test } from './support/test.ts'

/** Waits until an element has the focus. */
const focused = (page: Page, selector: string) =>
  expect.poll(() => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)).toBe(true)

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await focused(page, '[role=combobox]')
}

/** Returns the focused element, and whether its focus is visible. */
async function lookAtFocus(page: Page) {
  await settle(page)
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return undefined
    const marks = (style: CSSStyleDeclaration) =>
      style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1
    const around = [element, element.parentElement, element.parentElement?.parentElement]
    const styles = around.flatMap((one) =>
      one ? [undefined, '::before', '::after'].map((part) => getComputedStyle(one, part)) : [],
    )
    const box = element.getBoundingClientRect()
    return {
      name: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '',
      marked: styles.some(marks),
      onScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
  })
}

/** Tabs through a page once. Returns the names of the steps. */
async function walk(page: Page): Promise<string[]> {
  const steps: string[] = []
  while (steps.length < 80) {
    await page.keyboard.press('Tab')
    const step = await lookAtFocus(page)
    if (!step) return steps
    expect(step).toMatchObject({ name: step.name, marked: true, onScreen: true })
    steps.push(step.name)
  }
  throw new Error(`The focus does not leave the page: ${steps.join(', ')}`)
}

describe('with the keyboard alone', () => {
  test('one can skip to the content, and the focus is always visible', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon({ jails: [{ name: 'sshd' }] }))
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await page.keyboard.press('Tab')
    expect((await lookAtFocus(page))?.name).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await focused(page, 'main')

    const walks: Record<string, string[]> = {}
    for (const path of [
      '',
      'activity',
      'bans',
      'map',
      'jails',
      'jails/sshd',
      'settings',
      'settings?tab=account',
    ]) {
      await page.goto(`${bangui.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
      walks[path] = await walk(page)
    }
    expect(walks['']).toEqual(
      expect.arrayContaining(['Overview', 'Jails', 'Settings', 'Account of admin', 'Banned now', 'sshd']),
    )
    expect(walks['bans']).toEqual(expect.arrayContaining(['Ban addresses']))
    expect(walks['jails']).toEqual(expect.arrayContaining(['sshd', 'Deactivate sshd']))
    expect(walks['settings?tab=account']).toEqual(expect.arrayContaining(['Account', 'Change password']))
  })

  test('the palette opens pages and changes the theme, which is kept', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon({ jails: [{ name: 'sshd' }] }))
    const { page } = await world.visitor(bangui.url)
    await page.getByRole('region', { name: 'Jails' }).getByRole('link', { name: 'sshd' }).waitFor()
    await openPalette(page)
    await page.keyboard.type('sshd')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    await focused(page, 'h1')
    expect(page.url()).toBe(`${bangui.url}jails/sshd`)

    const themeOf = () => page.evaluate(() => document.documentElement.dataset['theme'])
    await openPalette(page)
    await page.keyboard.type('dark')
    await page.keyboard.press('Enter')
    await expect.poll(themeOf).toBe('dark')
    await page.reload()
    await page.getByRole('heading', { name: 'sshd', level: 1 }).waitFor()
    expect(await themeOf()).toBe('dark')

    await page.getByRole('link', { name: 'Jails', exact: true }).focus()
    await openPalette(page)
    await page.keyboard.press('Escape')
    await focused(page, 'nav a[href$="/jails"]')
  })

  test('dialogs and menus keep the focus and return it', async ({ world }) => {
    const bangui = await world.bangui(await world.daemon({ jails: [{ name: 'sshd', enabled: false }] }))
    const { page } = await world.visitor(bangui.url)
    await page.goto(`${bangui.url}jails`)
    const button = page.getByRole('button', { name: 'Activate sshd' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Tested on a copy').waitFor()
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press(step < 5 ? 'Tab' : 'Shift+Tab')
      await focused(page, '[role=dialog] *')
    }
    await page.keyboard.press('Escape')
    await focused(page, 'button[aria-label="Activate sshd"]')

    const menu = page.getByRole('button', { name: 'Account of admin' })
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('ArrowDown')
    await focused(page, '[role=menuitem]')
    await page.keyboard.press('Escape')
    await focused(page, 'button[aria-label="Account of admin"]')
  })
})
