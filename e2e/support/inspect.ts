import type { Page } from 'playwright-core'
import { findBarriers } from './axe.ts'
import { looks, otherWidths, type Look } from './looks.ts'
import { keepScreen, setTouch, settle, wear } from './screens.ts'

/** Inspects a page: accessibility, screenshots, and sideways scrolling. Returns what is wrong. */
export async function inspect(page: Page, name: { page: string; state?: string }): Promise<string[]> {
  const wrong: string[] = []
  let inspected = ''
  for (const look of looks) {
    await wear(page, look)
    await keepScreen(page, look, name)
    const elements = await listElements(page)
    const found = await (elements === inspected ? findBarriers(page, 'colors') : inspectLook(page, look))
    inspected = elements
    wrong.push(...found.map((barrier) => `${look.name}: ${barrier}`))
  }
  for (const width of otherWidths) {
    await page.setViewportSize({ width, height: 900 })
    await setTouch(page, width < 1024)
    await settle(page)
    const found = await inspectLayout(page)
    wrong.push(...found.map((place) => `${width}px: ${place}`))
  }
  await setTouch(page, false)
  return wrong
}

const inspectLook = async (page: Page, look: Look): Promise<string[]> => [
  ...(await findBarriers(page)),
  ...(await inspectLayout(page)),
  ...(look.touch ? await findSmallTargets(page) : []),
]

const inspectLayout = async (page: Page): Promise<string[]> => [
  ...(await findOverflow(page)),
  ...(await findOverlaps(page)),
]

/** Names the elements of a page at its width: another theme of the same ones differs in colours only. */
const listElements = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [innerWidth, ...[...document.querySelectorAll('*')].map((element) => element.tagName)].join(' '),
  )

/** Returns elements that are wider than their scroll container, or reach out of their card; code may. */
function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()} "${element.textContent?.trim().slice(0, 40)}" ${element.className}`
    const isCode = (element: Element) => element.closest('pre, code') !== null
    const scrolls = (element: Element) => {
      const { overflowX } = getComputedStyle(element)
      return element.scrollWidth > element.clientWidth && (overflowX === 'auto' || overflowX === 'scroll')
    }
    // text for screen readers is a pixel wide; text with an ellipsis is cut on purpose
    const isCut = (element: Element, card: Element) => {
      for (let at: Element | null = element; at && at !== card; at = at.parentElement) {
        const style = getComputedStyle(at)
        if (style.textOverflow === 'ellipsis' || style.clipPath !== 'none') return true
      }
      return false
    }
    const reachesOut = (element: Element) => {
      const card = element.closest('section, [role=dialog], [role=alert], header, nav, main') ?? document.body
      const box = element.getBoundingClientRect()
      if (box.width <= 1 || isCode(element) || isCut(element, card)) return false
      return (
        box.right > card.getBoundingClientRect().right + 1 || box.left < card.getBoundingClientRect().left - 1
      )
    }
    const all = [...document.querySelectorAll('body, body *')]
    const root = document.documentElement
    return [
      ...(root.scrollWidth > root.clientWidth ? [root] : []),
      ...all.filter((element) => scrolls(element) && !isCode(element)),
      ...all.filter((element) => element.childElementCount === 0 && reachesOut(element)),
    ].map((element) => `too wide: ${name(element)}`)
  })
}

/** Returns touch targets that are too small: less than 44 px high without borders; links within text may be. */
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
      element.scrollIntoView({ block: 'center', behavior: 'instant' })
      const box = element.getBoundingClientRect()
      const x = box.left + box.width / 2
      const y = box.top + box.height / 2
      // an element below a dialog cannot be tested
      if (box.height === 0 || !hits(element, x, y)) return false
      return !hits(element, x, y - 20) || !hits(element, x, y + 20)
    }
    const small = [...targets]
      .filter((element) => !isInText(element) && isSmall(element))
      .map(
        (element) =>
          `small: ${element.getAttribute('aria-label') ?? element.textContent} ${element.className}`,
      )
    document.querySelector('main')?.scrollTo(0, 0)
    return small
  })
}

/** Returns buttons that cover text that is not theirs. */
function findOverlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector('[role=dialog]') ?? document.querySelector('main')
    const wordsOf = (element: Element) =>
      [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim())
    // a label from the style sheet is not text of the page
    const isLabelled = (element: Element) =>
      /^".+"$|^attr/.test(getComputedStyle(element, '::before').content)
    // text that is scrolled away, or cut by an ellipsis, is not visible
    const clip = (box: DOMRect, within: Element | null) => {
      let { left, top, right, bottom } = box
      for (let at = within; at && at !== main; at = at.parentElement) {
        if (getComputedStyle(at).overflowX === 'visible') continue
        const frame = at.getBoundingClientRect()
        left = Math.max(left, frame.left)
        top = Math.max(top, frame.top)
        right = Math.min(right, frame.right)
        bottom = Math.min(bottom, frame.bottom)
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
    }
    const boxesOf = (node: Node) => {
      if (node instanceof Element) return [node.getBoundingClientRect()]
      const range = document.createRange()
      range.selectNodeContents(node)
      return [...range.getClientRects()]
        .map((box) => clip(box, node.parentElement))
        .filter((box) => box.width > 1 && box.height > 1)
    }
    const isSeen = (element: Element) => {
      for (let at: Element | null = element; at; at = at.parentElement)
        if (getComputedStyle(at).clipPath !== 'none') return false
      return element.checkVisibility({ visibilityProperty: true })
    }
    // a bar that stays while the page is scrolled covers what is below it
    const barOf = (element: Element | null) => {
      for (let at = element; at && at !== main; at = at.parentElement) {
        const { position, zIndex } = getComputedStyle(at)
        if (position === 'sticky' && zIndex !== 'auto') return at
      }
      return null
    }
    const seen = [...(main?.querySelectorAll('*') ?? [])].filter(isSeen)
    const buttons = seen.filter((element) => element.matches('button'))
    const words = [...seen.flatMap(wordsOf), ...seen.filter(isLabelled)]
    const meets = (other: DOMRect, box: DOMRect) =>
      box.left < other.right - 1 &&
      box.right > other.left + 1 &&
      box.top < other.bottom - 1 &&
      box.bottom > other.top + 1
    const places = words.map((node) => ({ node, boxes: boxesOf(node) }))
    return buttons.flatMap((button) => {
      const frame = button.getBoundingClientRect()
      return places
        .filter(({ boxes }) => boxes.some((box) => meets(frame, box)))
        .filter(({ node }) => barOf(node.parentElement) === barOf(button))
        .filter(
          ({ node }) => !button.contains(node) && !node.parentElement?.closest('label')?.contains(button),
        )
        .map(({ node }) => `${button.ariaLabel ?? button.textContent} lies over "${node.textContent}"`)
    })
  })
}
