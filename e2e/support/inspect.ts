import type { Page } from 'playwright-core'
import { findBarriers } from './axe.ts'
import { looks, widths } from './looks.ts'
import { keepScreen, settle, wear } from './screens.ts'

/** Looks at a page in every way: barriers, pictures, and whether it scrolls sideways; gives what is wrong. */
export async function inspect(page: Page, name: { page: string; state?: string }): Promise<string[]> {
  const wrong: string[] = []
  for (const look of looks) {
    await wear(page, look)
    await keepScreen(page, look, name)
    wrong.push(...(await findBarriers(page)).map((barrier) => `${look.name}: ${barrier}`))
  }
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    wrong.push(...(await findOverflow(page)).map((place) => `${width}px: scrolls sideways: ${place}`))
  }
  return wrong
}

/** The elements that are wider than what they may scroll in; code may. */
async function findOverflow(page: Page): Promise<string[]> {
  await settle(page)
  return page.evaluate(() => {
    const describe = (element: Element) =>
      `${element.tagName.toLowerCase()} ${element.className} ${element.scrollWidth}>${element.clientWidth}`
    const scrolls = (element: Element) => {
      const { overflowX } = getComputedStyle(element)
      return element.scrollWidth > element.clientWidth && (overflowX === 'auto' || overflowX === 'scroll')
    }
    const root = document.documentElement
    const found = [...document.querySelectorAll('body, body *')].filter(
      (element) => scrolls(element) && !element.matches('pre, code, pre *'),
    )
    return [...(root.scrollWidth > root.clientWidth ? [root] : []), ...found].map(describe)
  })
}
