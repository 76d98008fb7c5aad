import { nextTurn } from '@bangui/async'
import {
  contains,
  findBans,
  inTimeOrder,
  parseAddress,
  type Address,
  type LockedOut,
  type LockOutCheck,
} from '@bangui/shared'
import { listBanned } from '../ban-commands.ts'
import type { StreamComparison } from '../config/compare-streams.ts'
import type { StreamCommand } from '../config/dump-config.ts'
import { Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import type { LocalHostContext } from '../host/local-host-context.ts'
import { machineAddresses } from '../host/machine-addresses.ts'
import { findLogs, type FoundLogs } from '../logs/find-logs.ts'
import { tailLog } from '../logs/log-verbs.ts'
import { openFilterFolder } from '../regex/filter-folder.ts'
import { regexSettings } from '../host/regex-verbs.ts'
import { testInFolder } from '../regex/test-regex.ts'
import { readJailRules, type JailRules } from './jail-rules.ts'
import { readSshPeers } from './ssh-peers.ts'

/** Bounds of a check: jails, logs of each, lines of each log, and the time that logs and fail2ban-regex take in all, in milliseconds. */
const MAX_JAILS = 8
const MAX_LOGS = 50
const MAX_LINES = 1000
const DEADLINE_MS = 5_000

/** A change as it is checked. */
export interface CheckedChange {
  /** the commands of a load after it */
  readonly after: readonly StreamCommand[]
  readonly comparison: StreamComparison
  /** the addresses of people, as text */
  readonly people: readonly string[]
}

/**
 * Returns whether the last lines of the logs of the jails that a change touches would have had addresses of people banned by its
 * settings, and whether one of these jails bans them now. Those who are connected by SSH now count as well. Never rejects because
 * of what it cannot look at: that is said.
 */
export async function checkLockOut(
  context: LocalHostContext,
  { after, comparison, people: named }: CheckedChange,
): Promise<LockOutCheck> {
  const ssh = await readSshPeers()
  const people = [...new Set([...named, ...ssh.addresses])].flatMap((text) => parseAddress(text) ?? [])
  const unknown = ssh.hasServer
    ? []
    : ['BanGUI sees no SSH server on this machine, so it cannot tell who is connected by SSH.']
  const touched = [...comparison.jails.keys()].filter((jail) => comparison.jails.get(jail) !== 'removed')
  if (touched.length > MAX_JAILS)
    unknown.push(
      `Only ${MAX_JAILS} of ${touched.length} jails were checked: ${touched.slice(0, MAX_JAILS).join(', ')}.`,
    )
  const logs = await findLogs(context)
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const found: JailCheck[] = []
  for (const jail of touched.slice(0, MAX_JAILS)) {
    const rules = readJailRules(after, jail)
    const restarts = comparison.jails.get(jail) === 'restart'
    found.push(await checkJail(context, { jail, rules, restarts, people, logs, signal }))
  }
  const isConnected = (address: string) => ssh.addresses.includes(address)
  return {
    lockedOut: found.flatMap(({ lockedOut }) =>
      lockedOut.map((each) => ({ ...each, ssh: isConnected(each.address) })),
    ),
    addresses: people.length,
    lines: found.reduce((sum, { lines }) => sum + lines, 0),
    unknown: [...unknown, ...found.flatMap((each) => each.unknown)],
  }
}

interface JailToCheck {
  readonly jail: string
  readonly rules: JailRules
  /** its bans are made again, by its new actions */
  readonly restarts: boolean
  readonly people: readonly Address[]
  readonly logs: FoundLogs
  readonly signal: AbortSignal
}

interface JailCheck {
  readonly lockedOut: readonly Omit<LockedOut, 'ssh'>[]
  readonly lines: number
  readonly unknown: readonly string[]
}

async function checkJail(context: LocalHostContext, checked: JailToCheck): Promise<JailCheck> {
  const { jail, rules } = checked
  const banned = checked.restarts ? await bannedNow(context, checked) : []
  const ignored = ignoredBy(rules)
  const about = checked.people.filter((person) => !ignored.some((network) => contains(network, person)))
  const { count, lines, unknown } = await readLogs({ ...checked, people: about })
  const replayed = await replay(context, { ...checked, people: about }, lines)
  return {
    lockedOut: [...banned, ...replayed.lockedOut],
    lines: count,
    unknown: [...unknown, ...replayed.unknown, ...whatIgnores(rules)].map((why) => `${jail}: ${why}`),
  }
}

/** The addresses that a jail bans now: after its restart it blocks them by the new rules. */
async function bannedNow(
  { connection }: LocalHostContext,
  { jail, people }: JailToCheck,
): Promise<Omit<LockedOut, 'ssh'>[]> {
  try {
    const banned = (await listBanned(connection, jail)).flatMap((text) => parseAddress(text) ?? [])
    return people.flatMap((person) => {
      if (!banned.some((one) => contains(one, person))) return []
      return [{ address: person.text, jail, reason: 'banned' as const, failures: 0, at: null }]
    })
  } catch (error) {
    // a jail that does not run bans nobody
    if (error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError) return []
    throw error
  }
}

interface ReadLines {
  /** how many lines were looked at */
  readonly count: number
  /** those that name people, or all of them where a failure needs those around */
  readonly lines: readonly string[]
  readonly unknown: readonly string[]
}

async function readLogs({ rules, people, logs, signal }: JailToCheck): Promise<ReadLines> {
  const sources = [...rules.logs.map((log) => ({ log })), ...rules.journals.map((journal) => ({ journal }))]
  const names = people.map(({ text }) => text)
  const isAbout = (line: string) => {
    const lower = line.toLowerCase()
    return names.some((name) => lower.includes(name))
  }
  const all: string[] = []
  const about: string[] = []
  const unknown: string[] = []
  let count = 0
  for (const source of sources.slice(0, MAX_LOGS)) {
    await nextTurn()
    const tail = await tailLog(logs, source, { limit: MAX_LINES, signal }).catch(() => undefined)
    if (!tail || signal.aborted) {
      unknown.push('its logs could not be read in time.')
      break
    }
    if (tail.problem !== null) unknown.push(tail.problem)
    count += tail.lines.length
    if (isMultiLine(rules)) all.push(...tail.lines)
    about.push(...tail.lines.filter(isAbout))
  }
  if (sources.length === 0) unknown.push('BanGUI could not read any of its logs.')
  if (sources.length > MAX_LOGS)
    unknown.push(`only ${MAX_LOGS} of its ${sources.length} logs were looked at.`)
  return { count, lines: isMultiLine(rules) && about.length > 0 ? all : about, unknown }
}

const isMultiLine = ({ filter }: JailRules) => (filter.maxlines ?? 1) > 1

/** Lets fail2ban-regex match lines, and counts as fail2ban does. */
async function replay(
  context: LocalHostContext,
  { jail, rules, people, signal }: JailToCheck,
  lines: readonly string[],
): Promise<{ lockedOut: Omit<LockedOut, 'ssh'>[]; unknown: string[] }> {
  const names = people.map(({ text }) => text)
  const { maxretry, findtime } = rules
  if (lines.length === 0) return { lockedOut: [], unknown: [] }
  if (maxretry === null || findtime === null)
    return { lockedOut: [], unknown: ['BanGUI does not know its maxretry or findtime.'] }
  try {
    const settings = { ...(await regexSettings(context, signal)), deadline: DEADLINE_MS }
    await using folder = await openFilterFolder(context.configDir, rules.filter)
    const test = await testInFolder(settings, { folder, mode: undefined, lines }, { suggests: false })
    if (test.problem) return { lockedOut: [], unknown: [test.problem.message] }
    const failures = test.lines.flatMap(({ matched, at }) => {
      const address = parseAddress(matched?.address ?? '')?.text
      return address !== undefined && names.includes(address) ? [{ address, at }] : []
    })
    const lockedOut = findBans(inTimeOrder(failures), { maxretry, findtime }).flatMap((found) =>
      found.bannedAt === null
        ? []
        : [
            {
              address: found.address,
              jail,
              reason: 'failures' as const,
              failures: found.failures,
              at: found.bannedAt,
            },
          ],
    )
    return { lockedOut, unknown: [] }
  } catch (error) {
    const why = signal.aborted
      ? 'fail2ban-regex took too long.'
      : error instanceof Error
        ? error.message
        : String(error)
    return { lockedOut: [], unknown: [why] }
  }
}

const ignoredBy = ({ ignored, ignoresSelf }: JailRules): Address[] =>
  [...ignored, ...(ignoresSelf ? machineAddresses() : [])].flatMap((text) => parseAddress(text) ?? [])

/** What else decides whom a jail ignores, and cannot be looked at here. */
function whatIgnores({ ignored, ignoreCommand }: JailRules): string[] {
  const others = ignored.filter((text) => parseAddress(text) === undefined)
  return [
    ...(others.length > 0 ? [`BanGUI did not look up ${others.join(', ')} in its ignore list.`] : []),
    ...(ignoreCommand === '' ? [] : ['BanGUI did not run its ignorecommand, which may exempt addresses.']),
  ]
}
