import type { RegexFilter, RegexLine, RegexProblem, RegexTest } from '@bangui/shared'
import { ConfigRefusedError, ConfigUnreadableError } from '../errors.ts'
import { openFilterFolder, type FilterFolder } from './filter-folder.ts'
import { readFilterFacts, type FilterFacts } from '../config/filter-facts.ts'
import { runRegex, type RegexRunResult } from './run-regex.ts'
import { suggest, suggestMode } from './suggest.ts'

/** Where and how regexes are tested. */
export interface RegexSettings {
  readonly client: string
  readonly configDir: string
  /** minutes east of UTC of the daemon's clock now */
  readonly zoneMinutes: number
  readonly signal?: AbortSignal | undefined
  /** of one run, in milliseconds */
  readonly deadline?: number | undefined
}

const noFacts: FilterFacts = { modes: [], failregex: [], datepattern: null }

/** How many other modes of a filter are tried where nothing matches, and until when, in milliseconds. */
const MAX_MODES = 6
const MODES_WITHIN_MS = 15_000

/**
 * Tests a filter or loose regexes on lines. What fail2ban-regex refuses, or does not finish, is a `problem` of the result.
 * @throws ToolMissingError; the reason of the signal when it aborts
 */
export async function testRegex(
  settings: RegexSettings,
  input: RegexFilter,
  lines: readonly string[],
): Promise<RegexTest> {
  try {
    await using folder = await openFilterFolder(settings.configDir, input)
    return await testInFolder(settings, { folder, mode: input.mode, lines })
  } catch (error) {
    if (error instanceof ConfigRefusedError)
      return failedTest(settings, lines, { kind: 'refused', message: error.message })
    if (error instanceof ConfigUnreadableError)
      return failedTest(settings, lines, { kind: 'unreadable', message: error.message })
    throw error
  }
}

interface FolderTest {
  readonly folder: Pick<FilterFolder, 'path' | 'file'>
  readonly mode: string | undefined
  readonly lines: readonly string[]
}

/** As {@link testRegex}, of a filter that is in a folder already. */
export async function testInFolder(
  settings: RegexSettings,
  { folder, mode, lines }: FolderTest,
  options: { readonly suggests: boolean } = { suggests: true },
): Promise<RegexTest> {
  const run = (other = mode) =>
    runRegex({
      ...settings,
      ...timeZone(settings),
      folder: folder.path,
      file: folder.file,
      mode: other,
      lines,
    })
  const [result, facts] = await Promise.all([run(), readFacts(folder, mode)])
  const { trace, problem } = result
  const suggestions = problem === null && options.suggests ? suggest({ ...trace, facts }) : []
  if (suggestions.length > 0 && facts.modes.length > 0)
    suggestions.unshift(...(await findModes(facts.modes, run)))
  return { ...describe(settings, result, facts), suggestions }
}

/** Texts of regexes only help to read the result: a filter that cannot be read is fail2ban-regex's to refuse. */
const readFacts = ({ path, file }: FolderTest['folder'], mode: string | undefined) =>
  readFilterFacts(path, file, mode).catch(() => noFacts)

async function findModes(modes: readonly string[], run: (mode: string) => Promise<RegexRunResult>) {
  const found = []
  const until = performance.now() + MODES_WITHIN_MS
  for (const mode of modes.slice(0, MAX_MODES)) {
    if (performance.now() > until) break
    const { trace } = await run(mode)
    const matched = trace.lines.filter(({ outcome }) => outcome === 'matched').length
    if (matched > 0) found.push(suggestMode(mode, matched))
  }
  return found
}

function describe(
  settings: RegexSettings,
  { trace, problem }: RegexRunResult,
  facts: FilterFacts,
): RegexTest {
  const { lines, lastRegex, prefregex, maxLines, messages } = trace
  const isKnown = facts.failregex.length > lastRegex
  const hitsOf = (index: number) => lines.filter(({ matched }) => matched?.regex === index).length
  return {
    ...countLines(lines),
    regexes: isKnown ? facts.failregex.map((text, index) => ({ text, hits: hitsOf(index) })) : [],
    prefregex,
    maxLines,
    zone: zoneText(settings.zoneMinutes),
    output: messages.join('\n'),
    problem,
    suggestions: [],
  }
}

function countLines(
  lines: readonly RegexLine[],
): Pick<RegexTest, 'lines' | 'matched' | 'missed' | 'ignored'> {
  const countOf = (...outcomes: readonly RegexLine['outcome'][]) =>
    lines.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    lines: [...lines],
    matched: countOf('matched'),
    missed: countOf('missed'),
    ignored: countOf('ignored', 'context'),
  }
}

/** Returns the result of a test that could not begin. */
export const failedTest = (
  { zoneMinutes }: Pick<RegexSettings, 'zoneMinutes'>,
  texts: readonly string[],
  problem: RegexProblem,
): RegexTest => ({
  ...countLines(texts.map((text) => ({ ...untested, text }))),
  regexes: [],
  prefregex: null,
  maxLines: 1,
  zone: zoneText(zoneMinutes),
  output: '',
  problem,
  suggestions: [],
})

const untested = {
  outcome: 'untested',
  at: null,
  date: null,
  matched: null,
  ignored: false,
  prefix: null,
} as const

/** `+02:00` */
function zoneText(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** The variable TZ counts west of Greenwich (tzset(3)). */
function timeZone({ zoneMinutes }: RegexSettings): { timeZone: string } {
  const west = zoneText(-zoneMinutes)
  return { timeZone: `<${zoneText(zoneMinutes).replace(':', '')}>${west}` }
}
