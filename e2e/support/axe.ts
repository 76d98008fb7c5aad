import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** A script that does nothing, for a page which has axe already. */
const nothing = ';'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** What WCAG 2.2 AA finds wrong with a page as it stands, one line for each element. */
export async function findBarriers(page: Page): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in window)
  const { violations } = await new AxeBuilder({ page, ...(isLoaded && { axeSource: nothing }) })
    // what a rule lets pass is only counted: to describe every element of a page takes longer than the rules
    .options({ resultTypes: ['violations'] })
    .withTags(tags)
    .setLegacyMode()
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ')}`),
  )
}
