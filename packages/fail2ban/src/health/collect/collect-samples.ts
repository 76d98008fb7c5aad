import { readEnd } from '../../host/log-tail.ts'
import type { JailSeen } from '../seen/daemon-seen.ts'
import type { LogSample } from '../seen/files-seen.ts'
import { daemonRoot } from './collect-own-log.ts'
import { UnseenError, type Collecting, type Collector } from './collector.ts'

/** So much of the end of each log is read. */
const MAX_BYTES = 1024 * 1024
const MAX_FILES = 3
const MAX_LINES = 200
const MAX_LINE = 2000
/** Each jail that is tried costs a Python program. */
const MAX_JAILS = 5
/** Fewer lines prove nothing. */
const MIN_LINES = 5

/** What services write about failed sign-ins. */
const failureWords =
  /failed password|authentication fail(?:ure|ed)|auth(?:entication)? failed|invalid user|illegal user|login failed|failed login|password mismatch|access denied|user \S+ (?:was )?not found|" 40[13] /i
/** The programs of OpenSSH from 9.8 on. */
const sessionTag = /\bsshd-(?:session|auth)(?:\[|:)/

/** Sees lines in the logs of jails that look like failures, for jails that have found none, and what their filter matches. */
export const collectSamples: Collector<'samples'> = async (collecting, signal) => {
  const { testRegex } = collecting
  if (!testRegex) throw new UnseenError('BanGUI tests no lines here.')
  const jails = await collecting.get('jails')
  const root = await daemonRoot(collecting)
  const samples: LogSample[] = []
  for (const jail of jails) {
    if (samples.length >= MAX_JAILS) break
    if (jail.logPaths.length === 0 || jail.totalFailed > 0) continue
    const lines = await readCandidates(root, jail)
    signal.throwIfAborted()
    if (lines.length >= MIN_LINES)
      samples.push(await testLines(testRegex, { jail: jail.name, lines }, signal))
  }
  return samples
}

async function readCandidates(root: string, { logPaths }: JailSeen): Promise<string[]> {
  const texts = await Promise.all(
    logPaths.slice(0, MAX_FILES).map((path) =>
      readEnd(`${root}${path}`, MAX_BYTES).then(
        ({ text }) => text,
        // another check reports a log that cannot be read
        () => '',
      ),
    ),
  )
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.length <= MAX_LINE && failureWords.test(line))
    .slice(-MAX_LINES)
}

async function testLines(
  testRegex: NonNullable<Collecting['testRegex']>,
  { jail, lines }: { readonly jail: string; readonly lines: string[] },
  signal: AbortSignal,
): Promise<LogSample> {
  const tested = await testRegex({ jail, lines }, { signal })
  const matchedOf = (wanted: (text: string) => boolean) =>
    tested.lines.filter(({ text, outcome }) => wanted(text) && outcome !== 'missed' && outcome !== 'skipped')
      .length
  const isSession = (text: string) => sessionTag.test(text)
  return {
    jail,
    candidates: lines.length,
    // what could not be tested is not held against the filter
    matched: tested.problem === null ? matchedOf(() => true) : lines.length,
    session: {
      candidates: lines.filter(isSession).length,
      matched: tested.problem === null ? matchedOf(isSession) : lines.length,
    },
    examples: lines.slice(-3),
  }
}
