import { testRegex, type RegexSettings } from './test-regex.ts'

/** Any text that fail2ban looks for a date in. */
const LINE = 'a line without a date'

/**
 * Returns why fail2ban cannot use a date pattern, as the daemon has it (with single percent signs): the daemon accepts each, and
 * fails at each line of the log. Null: it can, or that cannot be told.
 * @throws ToolMissingError; the reason of the signal
 */
export async function whyBadDatePattern(settings: RegexSettings, pattern: string): Promise<string | null> {
  const filter = { failregex: ['^<HOST>$'], datepattern: pattern.replaceAll('%', '%%') }
  const { problem } = await testRegex(settings, filter, [LINE])
  if (problem?.kind !== 'refused') return null
  return /^re\.(?:error|PatternError): ([^\n]+)$/m.exec(problem.message)?.[1] ?? null
}
