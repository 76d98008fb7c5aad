import type { FilterTest, FilterTestReport } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { describeFilter } from '../config/filter-facts.ts'
import { configuredJails, hasJail } from '../config/list-jails.ts'
import { runFilterTest } from './filter-tests.ts'
import { readJailFilter } from './jail-filter.ts'
import type { RegexSettings } from './test-regex.ts'

/** How long the tests of one change may take together, in milliseconds: each is a Python program. */
const TESTS_WITHIN_MS = 60_000

/** A configuration before and after a change: the live folder, and the copy with the change. */
export interface ChangedConfig {
  readonly before: Fail2banConfig
  readonly after: Fail2banConfig
}

/**
 * Returns how the tests of filters do that a change touches: those of a filter that differs, includes and all, and, on the regexes of a
 * jail, those of the filter of each enabled jail that takes another filter, other parameters, or regexes of its own.
 * @throws ToolMissingError; the reason of the signal
 */
export async function runTouchedTests(
  settings: RegexSettings,
  { before, after }: ChangedConfig,
  tests: readonly FilterTest[],
): Promise<FilterTestReport[]> {
  if (tests.length === 0) return []
  const wanted: { readonly test: FilterTest; readonly jail: string | null }[] = []
  for (const [filter, own] of Map.groupBy(tests, (test) => test.filter)) {
    const [old, now] = await Promise.all(
      [before, after].map(({ configDir }) => describeFilter(configDir, filter)),
    )
    if (old !== now) wanted.push(...own.map((test) => ({ test, jail: null })))
  }
  for (const { name } of configuredJails(after).filter(({ enabled }) => enabled)) {
    const now = await readJailFilter(after, name)
    // a test with a mode of its own says nothing about the jail's
    const own = tests.filter(({ filter, mode }) => filter === now.name && mode === null)
    if (own.length === 0 || (await takes(before, name)) === now.taken) continue
    wanted.push(...own.map((test) => ({ test, jail: name })))
  }
  const end = performance.now() + TESTS_WITHIN_MS
  const reports: FilterTestReport[] = []
  for (const { test, jail } of wanted) {
    const place =
      jail === null ? { folder: after.configDir } : { regexes: (await readJailFilter(after, jail)).regexes }
    const result =
      performance.now() > end
        ? tooLate(test)
        : await runFilterTest({ ...settings, configDir: after.configDir }, place, test)
    reports.push({ ...result, jail, test })
  }
  return reports
}

const takes = async (config: Fail2banConfig, name: string) =>
  hasJail(config, name) ? (await readJailFilter(config, name)).taken : null

const tooLate = ({ id }: FilterTest) => ({
  id,
  passed: false,
  found: null,
  problem: `The tests of this change took longer than ${TESTS_WITHIN_MS / 1000} s.`,
})
