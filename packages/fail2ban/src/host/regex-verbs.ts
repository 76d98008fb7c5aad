import { FilterName, RegexTestInput, type RegexFilter, type RegexTest } from '@bangui/shared'
import { readFilterFacts } from '../config/filter-facts.ts'
import { readDefinitions } from '../config/definitions.ts'
import { hasJail } from '../config/list-jails.ts'
import { resolveJail } from '../config/resolve-jail.ts'
import { JailUnknownError } from '../errors.ts'
import { HostError } from '../host-error.ts'
import { findLogs } from '../logs/find-logs.ts'
import { tailLog } from '../logs/log-verbs.ts'
import { runFilterTests } from '../regex/filter-tests.ts'
import { failedTest, testRegex, type RegexSettings } from '../regex/test-regex.ts'
import type { ConfigVerbs } from '../verbs/config.ts'
import { createBoundedMutex } from './host-lock.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** How many tests may wait for their turn: each is a Python program that uses a processor for up to 15 s. */
const MAX_WAITING_TESTS = 4

const DEFAULT_LINES = 200

type RegexVerbs = Pick<ConfigVerbs, 'testRegex' | 'runFilterTests' | 'listFilterModes'>

/** Creates the verbs about filters and their regexes. */
export function createRegexVerbs(context: LocalHostContext): RegexVerbs {
  const oneTest = createBoundedMutex(MAX_WAITING_TESTS)
  return {
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
        const settings = await settingsOf(context, options.signal)
        return runFilterTests(settings, { folder: context.configDir, filter }, tests)
      }, options),
  }
}

async function settingsOf(context: LocalHostContext, signal?: AbortSignal): Promise<RegexSettings> {
  const { client, configDir, clock, clocks } = context
  const zone = (await clocks.createForNow()).zone()
  return { client, configDir, zoneMinutes: Math.round(zone(clock()) / 60_000), signal }
}

async function runTest(
  context: LocalHostContext,
  input: RegexTestInput,
  signal?: AbortSignal,
): Promise<RegexTest> {
  const settings = await settingsOf(context, signal)
  const { lines, log, journal, limit = DEFAULT_LINES, jail, ...given } = input
  const filter = jail === undefined ? given : await filterOfJail(context, jail)
  if (lines !== undefined) return testRegex(settings, filter, lines)
  const source = { ...(log !== undefined && { log }), ...(journal !== undefined && { journal }) }
  const tail = await tailLog(await findLogs(context), source, { limit, signal })
  if (tail.problem !== null) return failedTest(settings, [], { kind: 'unreadable', message: tail.problem })
  return testRegex(settings, filter, tail.lines)
}

/** Returns the regexes of a jail as the daemon gets them, for a filter file, in which `%` is written `%%`. @throws JailUnknownError */
async function filterOfJail(context: LocalHostContext, name: string): Promise<RegexFilter> {
  const { config } = await context.configReader.read()
  if (!hasJail(config, name)) throw new JailUnknownError(name)
  const jail = resolveJail(config, name, { definitions: await readDefinitions(config, [name]) })
  // what a jail sets itself replaces what its filter has
  const text = (key: string) =>
    (jail.options.get(key)?.value ?? jail.filter?.values.get(key)?.text)?.replaceAll('%', '%%').trim()
  const list = (key: string) => (text(key) ?? '').split('\n')
  const maxlines = Number(text('maxlines'))
  return {
    failregex: list('failregex'),
    ignoreregex: list('ignoreregex'),
    ...(text('prefregex') && { prefregex: text('prefregex') }),
    ...(text('datepattern') && { datepattern: text('datepattern') }),
    ...(maxlines >= 1 && { maxlines }),
  }
}
