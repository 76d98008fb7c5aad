import {
  FilterName,
  RegexTestInput,
  type FilterTestResult,
  type RegexFilter,
  type RegexTest,
} from '@bangui/shared'
import { readFilterFacts } from '../config/filter-facts.ts'
import { hasJail } from '../config/list-jails.ts'
import { JailUnknownError } from '../errors.ts'
import { HostError } from '../host-error.ts'
import { findLogs } from '../logs/find-logs.ts'
import { tailLog } from '../logs/log-verbs.ts'
import { runFilterTest } from '../regex/filter-tests.ts'
import { readJailFilter } from '../regex/jail-filter.ts'
import { failedTest, testRegex, type RegexSettings } from '../regex/test-regex.ts'
import type { ConfigVerbs } from '../verbs/config.ts'
import { createBoundedMutex } from './host-lock.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { createLogChecks } from './log-checks.ts'

/** How many tests may wait for their turn: each is a Python program that uses a processor for up to 15 s. */
const MAX_WAITING_TESTS = 4

const DEFAULT_LINES = 200

type RegexVerbs = Pick<ConfigVerbs, 'testRegex' | 'runFilterTests' | 'listFilterModes' | 'checkLogs'>

/** Creates the verbs about filters and their regexes. */
export function createRegexVerbs(context: LocalHostContext): RegexVerbs {
  const oneTest = createBoundedMutex(MAX_WAITING_TESTS)
  return {
    checkLogs: createLogChecks(context, (input) => oneTest(() => runTest(context, input))),
    async listFilterModes(filter) {
      if (!FilterName.safeParse(filter).success) return []
      const { modes } = await readFilterFacts(context.configDir, filter)
      return [...modes]
    },
    async testRegex(input, options = {}) {
      const parsed = RegexTestInput.safeParse(input)
      if (!parsed.success) throw new HostError('invalid_argument', { message: parsed.error.message })
      return oneTest(() => runTest(context, parsed.data, options.signal), options)
    },
    runFilterTests: (filter, tests, options = {}) =>
      oneTest(async () => {
        const settings = await regexSettings(context, options.signal)
        const results: FilterTestResult[] = []
        for (const test of tests)
          results.push(await runFilterTest(settings, { folder: context.configDir }, { ...test, filter }))
        return results
      }, options),
  }
}

/** Returns where and how regexes are tested: fail2ban's own zone decides what a time means. */
export async function regexSettings(context: LocalHostContext, signal?: AbortSignal): Promise<RegexSettings> {
  const { client, configDir, clock, clocks } = context
  const zone = (await clocks.createForNow()).zone()
  return { client, configDir, zoneMinutes: Math.round(zone(clock()) / 60_000), signal }
}

async function runTest(
  context: LocalHostContext,
  input: RegexTestInput,
  signal?: AbortSignal,
): Promise<RegexTest> {
  const settings = await regexSettings(context, signal)
  const { lines, log, journal, limit = DEFAULT_LINES, jail, ...given } = input
  const filter = jail === undefined ? given : await filterOfJail(context, jail)
  if (lines !== undefined) return testRegex(settings, filter, lines)
  const source = { ...(log !== undefined && { log }), ...(journal !== undefined && { journal }) }
  const tail = await tailLog(await findLogs(context), source, { limit, signal })
  if (tail.problem !== null) return failedTest(settings, [], { kind: 'unreadable', message: tail.problem })
  return testRegex(settings, filter, tail.lines)
}

/** Returns the regexes of a jail. @throws JailUnknownError */
async function filterOfJail(context: LocalHostContext, name: string): Promise<RegexFilter> {
  const { config } = await context.configReader.read()
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  return (await readJailFilter(config, name)).regexes
}
