import type { FilterTestResult } from '@bangui/shared'
import { describeFilter } from '../../config/filter-facts.ts'
import { regexSettings } from '../../host/regex-verbs.ts'
import { runFilterTest } from '../../regex/filter-tests.ts'
import type { FilterTestSeen } from '../seen/files-seen.ts'
import { stateOfProgram } from './collect-client-version.ts'
import type { Collector } from './collector.ts'

/** How long the tests of one run may take, in milliseconds: each is a Python program. The next run goes on. */
const TESTS_WITHIN_MS = 12_000

type Known = ReadonlyMap<number, { readonly key: string; readonly result: FilterTestResult }>

/**
 * Sees how the samples of filters do. A sample is tested again only when its filter, with all that it includes, or fail2ban has
 * changed since.
 */
export const collectFilterTests: Collector<'filterTests'> = async (
  { context, memory, filterTests },
  signal,
) => {
  const { configDir, client } = context
  const program = await stateOfProgram(client)
  const known = (memory.answers.get('filterTests')?.value ?? new Map()) as Known
  const found = new Map<number, { readonly key: string; readonly result: FilterTestResult }>()
  const seen: FilterTestSeen[] = []
  const filters = new Map<string, Promise<string>>()
  const end = performance.now() + TESTS_WITHIN_MS
  for (const test of filterTests) {
    const text = filters.get(test.filter) ?? describeFilter(configDir, test.filter)
    filters.set(test.filter, text)
    const key = JSON.stringify([program, await text, test])
    const before = known.get(test.id)
    const isKnown = before?.key === key
    signal.throwIfAborted()
    const isTested = isKnown || performance.now() < end
    const result = isKnown
      ? before.result
      : isTested
        ? await runFilterTest(await regexSettings(context, signal), { folder: configDir }, test)
        : null
    if (result !== null) found.set(test.id, { key, result })
    seen.push({ test, result })
  }
  memory.answers.set('filterTests', { key: '', value: found satisfies Known })
  return seen
}
