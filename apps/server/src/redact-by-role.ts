// Removes what a role may not see. fail2ban's own output and a jail's actions contain command lines, and in them keys of
// other services: both need the permission `secrets.read`.

import { hiddenDiff, hideValues, isHostError } from '@bangui/fail2ban'
import {
  can,
  type ConfigFile,
  type EffectiveSetting,
  errorText,
  type JailSetting,
  type ListedFinding,
  type Role,
  type RuntimeSnapshot,
  type LogLine,
  type LogTail,
} from '@bangui/shared'
import { AppError } from './lib/errors.ts'
import { redactUrl } from './lib/hide-secrets.ts'

/** What stands in the place of fail2ban's own output. */
export const HIDDEN_OUTPUT = 'An administrator can see the reason.'

/** Returns whether a role may read fail2ban's own output. */
export const maySeeSecrets = (role: Role) => can({ role }, 'secrets.read')

/** Returns what fail2ban wrote, or null if the role may not read it. */
export const redactOutput = (output: string | null, role: Role): string | null =>
  maySeeSecrets(role) ? output : null

/** Returns an address without what may be a secret in it, unless the role may change blocklists. */
export const redactListUrl = (text: string, role: Role): string =>
  can({ role }, 'blocklists.write') ? text : redactUrl(text)

/** Returns the snapshot without fail2ban's output, unless the role may read it. */
export function redactSnapshot(snapshot: RuntimeSnapshot, role: Role): RuntimeSnapshot {
  if (maySeeSecrets(role)) return snapshot
  const { recovery, configNotices } = snapshot
  return {
    ...snapshot,
    recovery: recovery && { ...recovery, message: null, output: null },
    configNotices: configNotices.map((notice) => ({ ...notice, output: null })),
  }
}

/** Returns a finding without its evidence, unless the role may read it: evidence quotes logs, commands and the configuration. */
export const redactFinding = (finding: ListedFinding, role: Role): ListedFinding =>
  maySeeSecrets(role)
    ? finding
    : { ...finding, evidence: [], evidenceHidden: finding.evidence.length > 0, fix: null }

/**
 * Options of a jail that hold no secret. Others may: actions take keys as parameters, commands can contain them, and a
 * section can define options of its own that its actions use.
 */
const openSettings = new Set([
  'enabled',
  'filter',
  'mode',
  'backend',
  'logpath',
  'port',
  'protocol',
  'maxretry',
  'findtime',
  'bantime',
  'bantime.increment',
  'bantime.factor',
  'bantime.formula',
  'bantime.multipliers',
  'bantime.maxtime',
  'bantime.rndtime',
  'bantime.overalljails',
  'maxmatches',
  'ignoreip',
  'ignoreself',
  'ignorecache',
  'logencoding',
  'logtimezone',
  'skip_if_nologs',
  'systemd_if_nologs',
  'usedns',
  'prefregex',
  'failregex',
  'ignoreregex',
  'maxlines',
  'datepattern',
  'journalmatch',
])

/** Returns the settings of a jail, the values of secret ones removed: every role may see that one is set, and where. */
export const redactSettings = (settings: readonly JailSetting[], role: Role): JailSetting[] =>
  settings.map((setting) => {
    const { key, value, file, line } = setting
    const isOpen =
      maySeeSecrets(role) || openSettings.has(key) || (value === '' && setting.inForce === undefined)
    return isOpen ? setting : { key, value: '', file, line, hidden: true }
  })

/** Options of fail2ban itself, none of which holds a secret. */
const openDaemonSettings = new Set([
  'loglevel',
  'logtarget',
  'syslogsocket',
  'allowipv6',
  'dbfile',
  'dbmaxmatches',
  'dbpurgeage',
  'socket',
  'pidfile',
  'stacksize',
])

const isOpen = (key: string) => openSettings.has(key) || openDaemonSettings.has(key)

/** Returns effective settings, all texts of secret ones removed: every role may see that there is a value, and which places set it. */
export const redactEffective = (settings: readonly EffectiveSetting[], role: Role): EffectiveSetting[] =>
  settings.map((setting) => {
    const { value, raw, inForce, overrides } = setting
    const isEmpty = [value, raw, inForce, ...overrides.map((place) => place.value)].every((text) => !text)
    if (maySeeSecrets(role) || isOpen(setting.key) || isEmpty) return setting
    return {
      ...setting,
      value: '',
      raw: raw === null ? null : '',
      inForce: inForce === null ? null : '',
      overrides: overrides.map((place) => ({ ...place, value: '' })),
      hidden: true,
    }
  })

/** Returns a file of the configuration, the values of secret options and all comments removed, unless the role may read them. */
export const redactFile = (file: ConfigFile, role: Role): ConfigFile =>
  maySeeSecrets(role) ? file : { ...file, text: hideValues(file.text, isOpen), sha256: null, hidden: true }

/** Returns the difference of two texts of a file, without the values of secret options and without comments. */
export const redactDiff = (
  file: string,
  texts: { readonly before: string | null; readonly after: string | null },
): string => hiddenDiff(file, texts, (text) => hideValues(text, isOpen))

/** Runs `work`; an error that quotes fail2ban is replaced by one with the same code, unless the role may read it. */
export async function redactErrors<TResult>(role: Role, work: () => Promise<TResult>): Promise<TResult> {
  try {
    return await work()
  } catch (error) {
    const code = maySeeSecrets(role) ? null : codeOfQuotingError(error)
    throw code ? new AppError(code, { output: HIDDEN_OUTPUT }, { cause: error }) : error
  }
}

function codeOfQuotingError(error: unknown) {
  if (isHostError(error, 'config_refused')) return 'config_refused'
  if (isHostError(error, 'start_failed')) return 'start_failed'
  const isRefusal = error instanceof AppError && error.code === 'daemon_refused'
  return isRefusal || isHostError(error, 'command_refused') ? 'daemon_refused' : null
}

/** Returns why an operation failed, as every role may read it: other users see no output of fail2ban. */
export function redactFailure(error: unknown): string {
  if (error instanceof AppError && 'output' in error.params)
    return errorText(error.code, { ...error.params, output: HIDDEN_OUTPUT })
  return error instanceof AppError || isHostError(error, 'daemon_unavailable')
    ? error.message
    : 'The operation failed. Only the user who started it can see the reason.'
}

/** Returns an error as it is sent without a session: the path of the database is removed. */
export const redactForStrangers = (error: AppError): AppError =>
  error.code === 'database_unavailable'
    ? new AppError(error.code, { message: 'the log says why.' }, { cause: error.cause })
    : error

/**
 * Messages of fail2ban's own log that contain no command line of an action and no setting: what filters and jails do. Errors quote
 * commands, with the keys in them, and text of attackers, which can look like another message. So only what begins a line counts: the
 * time, or the head of a line of the journal.
 */
const openLogLine =
  /^(?:\d{4}-\d\d-\d\d[ T][\d:,.+-]{8,24}Z? )?(?:[\w.-]{1,64} [\w.-]{1,64}\[\d+\]: )?fail2ban\.(?:actions|database|filter\w*|jail|observer|server) *\[\d+\]: (?:INFO|NOTICE|WARNING) /

/** Returns a line of fail2ban's own log, without its text if the role may not read it. */
export const redactLogLine = (line: LogLine, role: Role): LogLine =>
  maySeeSecrets(role) || openLogLine.test(line.text)
    ? line
    : { text: '', outcome: null, address: null, hidden: true }

/** Returns the end of a log; of fail2ban's own without the lines that the role may not read. */
export const redactLogTail = (tail: LogTail, role: Role): LogTail =>
  tail.own && !maySeeSecrets(role)
    ? { ...tail, lines: tail.lines.filter((line) => openLogLine.test(line)) }
    : tail
