import { readFile } from 'node:fs/promises'
import type axeCore from 'axe-core'
import type { Page } from 'playwright-core'

const source = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** What is asked of a page: everything, or only what can differ between two themes. */
const rules = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  colors: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const satisfies Record<string, axeCore.RunOptions['runOnly']>

/** Returns violations of WCAG 2.2 AA on a page, one line per element. */
export async function findBarriers(page: Page, asked: keyof typeof rules = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  return page.evaluate(
    async (runOnly) => {
      const { axe } = window as unknown as { axe: typeof axeCore }
      // describing elements that pass takes longer than the rules
      axe.configure({ noHtml: true })
      const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] })
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ')}`),
      )
    },
    rules[asked] as axeCore.RunOptions['runOnly'],
  )
}
