import { deleteFilterTest, insertFilterTest, listFilterTests, MAX_FILTER_TESTS } from '@bangui/db'
import type {
  AddFilterTestInput,
  FilterTest,
  FilterTestResult,
  FilterTestRun,
  RegexTest,
  RegexTestInput,
  Role,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { isHostError } from '@bangui/fail2ban'
import { HIDDEN_OUTPUT, maySeeSecrets, redactOutput } from '../../redact-by-role.ts'
import type { Session } from '../auth/session.ts'

type LabDeps = Pick<HostDeps, 'host' | 'hostDb' | 'key' | 'clock' | 'latestRegexTest' | 'filterTestRuns'>

/** Who asks, and until when. */
export interface Asker {
  readonly session: Session
  readonly signal: AbortSignal | undefined
}

/** Returns what fail2ban-regex makes of lines; a newer test of the same user ends this one. @throws regex_test_replaced, regex_tests_busy, forbidden */
export async function testRegex(
  deps: LabDeps,
  { session, signal }: Asker,
  input: RegexTestInput,
): Promise<RegexTest> {
  const { log, journal } = input
  if ((log !== undefined || journal !== undefined) && !maySeeSecrets(session.role)) {
    // fail2ban's own log has lines that are for administrators, also where it is in the journal
    const source = { ...(log !== undefined && { log }), ...(journal !== undefined && { journal }) }
    const { own } = await deps.host.logs.tail(source, 1)
    if (own) throw new AppError('forbidden')
  }
  const test = await inTurn(
    deps.latestRegexTest(
      session.userId,
      (either) => deps.host.config.testRegex(input, { signal: either }),
      signal,
    ),
  )
  return redactTest(test, input, session)
}

/** A refusal quotes fail2ban-regex, which quotes the filter; one of loose regexes quotes only what was entered. */
function redactTest(test: RegexTest, { filter, jail }: RegexTestInput, { role }: Session): RegexTest {
  const output = redactOutput(test.output, role) ?? ''
  const { problem } = test
  const isLoose = filter === undefined && jail === undefined
  if (problem?.kind !== 'refused' || isLoose || maySeeSecrets(role)) return { ...test, output }
  const message = `fail2ban-regex refuses the filter or its regexes. ${HIDDEN_OUTPUT}`
  return { ...test, output, problem: { ...problem, message } }
}

/** Returns the tests of a filter, or of all filters. */
export const getFilterTests = ({ hostDb }: LabDeps, filter: string | undefined): Promise<FilterTest[]> =>
  listFilterTests(hostDb, filter ?? null)

/** Adds a test to a filter and returns it. @throws filter_tests_full */
export async function addFilterTest(
  { hostDb, clock }: LabDeps,
  input: AddFilterTestInput,
): Promise<FilterTest> {
  const test = await insertFilterTest(hostDb, { ...input, createdAt: clock() })
  if (!test) throw new AppError('filter_tests_full', { most: MAX_FILTER_TESTS })
  return test
}

/** Removes a test. @throws not_found */
export async function removeFilterTest({ hostDb }: LabDeps, id: number): Promise<void> {
  if (!(await deleteFilterTest(hostDb, id))) throw new AppError('not_found')
}

/** Returns the last run of the tests of a filter since BanGUI was started; null: there was none. */
export function getFilterTestRun(
  { key, filterTestRuns }: LabDeps,
  { role }: Session,
  filter: string,
): FilterTestRun | null {
  const last = filterTestRuns.last(key, filter)
  return last === undefined ? null : { ...last, results: redactResults(last.results, role) }
}

/** Runs the tests of a filter with the present configuration. @throws regex_test_replaced */
export async function runFilterTests(
  deps: LabDeps,
  { session, signal }: Asker,
  filter: string,
): Promise<FilterTestResult[]> {
  const tests = await listFilterTests(deps.hostDb, filter)
  const results = await inTurn(
    deps.latestRegexTest(
      session.userId,
      (either) => deps.host.config.runFilterTests(filter, tests, { signal: either }),
      signal,
    ),
  )
  if (tests.length > 0) deps.filterTestRuns.note(deps.key, filter, { at: deps.clock(), results })
  return redactResults(results, session.role)
}

/** A problem can quote fail2ban-regex. */
const redactResults = (results: readonly FilterTestResult[], role: Role): FilterTestResult[] =>
  results.map((result) =>
    result.problem === null || maySeeSecrets(role) ? result : { ...result, problem: HIDDEN_OUTPUT },
  )

/** Returns the result of tests. @throws regex_tests_busy where too many of others wait */
const inTurn = <TResult>(tests: Promise<TResult>): Promise<TResult> =>
  tests.catch((error: unknown) => {
    throw isHostError(error, 'busy') ? new AppError('regex_tests_busy', {}, { cause: error }) : error
  })
