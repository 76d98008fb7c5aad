import type { Page } from 'playwright-core'
import { findBarriers } from './axe.ts'
import { looks, widths } from './looks.ts'
import { keepScreen, setTouch, settle, wear } from './screens.ts'

/** Looks at a page in every way: barriers, pictures, and whether it scrolls sideways; gives what is wrong. */
export async function inspect(page: Page, name: { page: string; state?: string }): Promise<string[]> {
  const wrong: string[] = []
  for (const look of looks) {
    await wear(page, look)
    await keepScreen(page, look, name)
    const found = [...(await findBarriers(page)), ...(look.touch ? await findSmallTargets(page) : [])]
    wrong.push(...found.map((barrier) => `${look.name}: ${barrier}`))
  }
  await setTouch(page, false)
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

/** What a finger would miss: less than 44 px high, borders apart, where it can be touched; links within text may be. */
function findSmallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select, [role=menuitem], [role=option]',
    )
    const isInText = (element: HTMLElement) => getComputedStyle(element).display === 'inline'
    const hits = (element: HTMLElement, x: number, y: number) => {
      const hit = document.elementFromPoint(x, y)
      return hit !== null && (element.contains(hit) || hit.closest('label')?.contains(element) === true)
    }
    const isSmall = (element: HTMLElement) => {
      const box = element.getBoundingClientRect()
      const x = box.left + box.width / 2
      const y = box.top + box.height / 2
      // what is covered or scrolled away cannot be asked
      if (box.height === 0 || !hits(element, x, y) || y < 22 || y > innerHeight - 22) return false
      return !hits(element, x, y - 20) || !hits(element, x, y + 20)
    }
    return [...targets]
      .filter((element) => !isInText(element) && isSmall(element))
      .map(
        (element) =>
          `small: ${element.getAttribute('aria-label') ?? element.textContent} ${element.className}`,
      )
  })
}
