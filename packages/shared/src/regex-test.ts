import * as z from 'zod'

/** Bounds of one test of regexes: what fail2ban-regex reads of it, and what it prints, has to fit into memory. */
export const regexLimits = {
  lines: 1000,
  lineLength: 8192,
  /** of what somebody enters */
  text: 48 * 1024,
  regexes: 100,
  /** of all lines together */
  bytes: 512 * 1024,
} as const

/** A name of a filter file without its ending: no path, no option of a program. */
export const FilterName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'This is not the name of a filter.')

/** A value of `mode` in the brackets of a filter. */
export const FilterMode = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'This is not a mode of a filter.')

const noBreak = /^[^\r\n\0]*$/
const Regex = z.string().max(8192).regex(noBreak, 'A regex is one line.')
const Regexes = z.array(Regex).max(regexLimits.regexes)

/** What fail2ban-regex tests: a filter, loose regexes, or a filter with some of its options replaced. */
export const RegexFilter = z.object({
  /** a filter of the configuration */
  filter: FilterName.optional(),
  mode: FilterMode.optional(),
  /** a jail of the configuration, with everything that it sets for its filter; instead of a filter */
  jail: z.string().min(1).max(255).optional(),
  /** the whole text of the filter's `.local` file, or of the filter's only file, instead of the one in the folder */
  content: z.string().max(regexLimits.text).optional(),
  /** as lines of a filter file: `%` is written `%%` */
  failregex: Regexes.optional(),
  ignoreregex: Regexes.optional(),
  prefregex: Regex.optional(),
  datepattern: Regex.optional(),
  maxlines: z.int().min(1).max(100).optional(),
})
export type RegexFilter = z.infer<typeof RegexFilter>

const sizeOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + line.length, 0)

/** A test of regexes on pasted lines, on the end of a log or on entries of the journal: exactly one of the three. */
export const RegexTestInput = RegexFilter.extend({
  lines: z
    .array(z.string().max(regexLimits.lineLength).regex(noBreak, 'A line has no line breaks.'))
    .min(1)
    .max(regexLimits.lines)
    .optional(),
  log: z.string().startsWith('/').max(4096).optional(),
  /** matches of the journal, as in `journalmatch`: `_SYSTEMD_UNIT=ssh.service + _COMM=sshd` */
  journal: z.string().max(1024).optional(),
  /** how many of the last lines of a log or the journal are tested @default 200 */
  limit: z.int().min(1).max(regexLimits.lines).optional(),
})
  .refine(
    ({ filter, failregex, jail }) =>
      filter !== undefined || jail !== undefined || (failregex ?? []).length > 0,
    {
      message: 'Choose a filter, or enter at least one regex.',
    },
  )
  .refine(
    ({ lines, log, journal }) => [lines, log, journal].filter((source) => source !== undefined).length === 1,
    {
      message: 'Enter lines, or choose a log or the journal.',
    },
  )
  .refine(({ lines = [] }) => sizeOf(lines) <= regexLimits.bytes, { message: 'The lines are too long.' })
export type RegexTestInput = z.infer<typeof RegexTestInput>

/** A test that somebody enters. */
export const EnteredRegexTest = RegexTestInput.refine(({ lines = [] }) => sizeOf(lines) <= regexLimits.text, {
  message: 'The lines are longer than 48 KiB together. Test fewer of them.',
})

/**
 * What became of a line. `matched`: it is a failure; `ignored`: an ignoreregex exempts it; `context`: a failregex matches, but the line
 * alone is no failure (`<F-NOFAIL>`, or a session whose address is not known yet); `missed`: no failregex matches; `skipped`:
 * fail2ban-regex leaves out empty lines and those that begin with `#`; `untested`: the test ended before this line.
 */
export const RegexOutcome = z.enum(['matched', 'ignored', 'context', 'missed', 'skipped', 'untested'])
export type RegexOutcome = z.infer<typeof RegexOutcome>

/** One tested line. */
export const RegexLine = z.object({
  text: z.string(),
  outcome: RegexOutcome,
  /** the time that fail2ban reads in the line, epoch milliseconds; null: it recognises none */
  at: z.number().nullable(),
  /** the part of the line that it takes for the date, and the pattern by which it does */
  date: z.object({ text: z.string(), pattern: z.string() }).nullable(),
  /** `regex` counts from 0; `address` is whatever would be banned; null: no failure */
  matched: z
    .object({
      regex: z.int(),
      address: z.string().nullable(),
      captures: z.record(z.string(), z.string()),
    })
    .nullable(),
  ignored: z.boolean(),
  /** whether the prefregex matches; null: there is none, or the line was not tested */
  prefix: z.boolean().nullable(),
})
export type RegexLine = z.infer<typeof RegexLine>

/** A hint why nothing, or less than wanted, matches; `mode`: a mode of the filter to try. */
export const RegexSuggestion = z.object({
  kind: z.enum(['date', 'mode', 'prefregex', 'ignored', 'failregex']),
  message: z.string(),
  mode: z.string().nullable(),
})
export type RegexSuggestion = z.infer<typeof RegexSuggestion>

/** Why a test did not come to its end. `refused`: fail2ban-regex takes the regexes or the filter for wrong. */
export const RegexProblem = z.object({
  kind: z.enum(['refused', 'timeout', 'memory', 'output', 'unreadable']),
  message: z.string(),
})
export type RegexProblem = z.infer<typeof RegexProblem>

/** The result of a test, in fail2ban-regex's own reading. */
export const RegexTest = z.object({
  lines: z.array(RegexLine),
  matched: z.int(),
  missed: z.int(),
  /** as fail2ban counts: those of an ignoreregex, and those that are no failure alone */
  ignored: z.int(),
  /** the failregexes in fail2ban's order, with how many lines each matched; empty: not known */
  regexes: z.array(z.object({ text: z.string(), hits: z.int() })),
  prefregex: z.string().nullable(),
  /** how many lines of the log a regex may span */
  maxLines: z.int(),
  /** the zone in which times without one are read: the daemon's offset now, such as `+02:00` */
  zone: z.string(),
  /** what fail2ban-regex printed beside the matches: warnings and errors */
  output: z.string(),
  problem: RegexProblem.nullable(),
  suggestions: z.array(RegexSuggestion),
})
export type RegexTest = z.infer<typeof RegexTest>
