import { counted, type RegexLine, type RegexSuggestion } from '@bangui/shared'
import type { FilterFacts } from '../config/filter-facts.ts'

/** What one run found. */
export interface RunFindings {
  readonly lines: readonly RegexLine[]
  readonly prefregex: string | null
  readonly facts: FilterFacts
}

/** Returns why nothing matches, as far as the run shows it; empty where something matches, or nothing was tested. */
export function suggest({ lines, prefregex, facts }: RunFindings): RegexSuggestion[] {
  const tested = lines.filter(({ outcome }) => outcome !== 'skipped' && outcome !== 'untested')
  if (tested.length === 0 || tested.some(({ outcome }) => outcome === 'matched')) return []
  const found: RegexSuggestion[] = []
  const add = (kind: RegexSuggestion['kind'], message: string) => found.push({ kind, message, mode: null })
  const ignored = tested.filter(({ outcome }) => outcome === 'ignored').length
  if (ignored > 0)
    add('ignored', `An ignoreregex exempts ${counted(ignored, 'line')} that a failregex matches.`)
  const isWithoutDate = /\{NONE\}/.test(facts.datepattern ?? '')
  if (!isWithoutDate && tested.every(({ date }) => date === null))
    add(
      'date',
      'fail2ban recognises a date in none of the lines. Set a datepattern for this log, or {NONE} if its lines have no date.',
    )
  if (prefregex !== null) describePrefix(tested, add)
  else if (facts.failregex.length > 0 && ignored === 0)
    add(
      'failregex',
      'No failregex matches. fail2ban removes the date from a line before it matches: begin a regex with what follows the date.',
    )
  return found
}

function describePrefix(
  tested: readonly RegexLine[],
  add: (kind: RegexSuggestion['kind'], message: string) => void,
): void {
  const passed = tested.filter(({ prefix }) => prefix === true).length
  if (passed === 0)
    add(
      'prefregex',
      'The prefregex matches none of the lines, so no failregex was tried. Is this the log of the program that the filter is made for?',
    )
  else if (tested.some(({ outcome, prefix }) => prefix === true && outcome === 'missed'))
    add(
      'failregex',
      `The prefregex matches ${counted(passed, 'line')}, but no failregex matches what follows it.`,
    )
}

/** Returns the suggestion to use another mode of the filter, in which lines match. */
export const suggestMode = (mode: string, matched: number): RegexSuggestion => ({
  kind: 'mode',
  message: `With the mode ${mode}, ${counted(matched, 'line matches', 'lines match')}.`,
  mode,
})
