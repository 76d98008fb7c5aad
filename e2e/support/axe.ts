import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** An empty script, for a page that has axe already. */
const nothing = ';'
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Returns violations of WCAG 2.2 AA on a page, one line per element. */
export async function findBarriers(page: Page): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in window)
  const { violations } = await new AxeBuilder({ page, ...(isLoaded && { axeSource: nothing }) })
    // passed rules are only counted: describing every element takes longer than the rules
    .options({ resultTypes: ['violations'] })
    .withTags(tags)
    .setLegacyMode()
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ')}`),
  )
}
