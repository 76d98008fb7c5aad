import type { ConfigNotice } from '@bangui/shared'
import type { ConfigProblem } from '../config/config-model.ts'
import { describeFault, type Fault } from '../config/jail-faults.ts'
import { interpolate } from '../config/interpolate.ts'
import type { ConfiguredJail } from '../config/list-jails.ts'
import type { ConfigReading } from './config-reader.ts'

/**
 * Returns why a jail cannot be used as configured; null: it can. For an enabled jail, fail2ban's own reading decides whether
 * there is a fault, and BanGUI's finds the place. fail2ban's messages are not repeated: they quote the files, with the secrets
 * in them.
 */
export function problemOf(jail: ConfiguredJail, reading: ConfigReading): string | null {
  const faults = reading.faults.get(jail.name) ?? []
  const texts = jail.enabled ? confirmed(jail.name, faults, reading) : faults.map(describeFault)
  return [...new Set(texts)].join(' ') || null
}

function confirmed(name: string, faults: readonly Fault[], reading: ConfigReading): string[] {
  const { dump, notices } = reading
  if (dump === null) return faults.map(describeFault)
  const own = notices.find(({ kind, jail }) => kind === 'refused' && jail === name)
  const refused = own === undefined ? [] : describeNotice(own)
  // of a configuration that fail2ban refuses, it is not known which jails it would leave out
  if (dump.isRefused && dump.startedJails.length === 0) return [...faults.map(describeFault), ...refused]
  const values = faults.filter(({ effect }) => effect === 'load').map(describeFault)
  const wrong = dump.wrongJails.get(name)
  if (wrong === undefined) return [...values, ...refused]
  const reasons = faults.filter(({ effect }) => effect === 'jail')
  const found = reasons.length > 0 ? reasons : [leftOut(name, wrong, reading)]
  return [...found.map(describeFault), ...values]
}

/** Returns the fault of a jail that fail2ban leaves out although BanGUI finds no mistake: in its filter or an action. */
function leftOut(name: string, reason: string, { config }: ConfigReading): Fault {
  const what = /\bfilter\b/i.test(reason) ? 'filter' : 'action'
  const message = `fail2ban skips this jail, because its ${what} has an error. Run fail2ban-client -t on the server to see the reason.`
  const { file = null, line = null } = interpolate(config.jail, name, what) ?? {}
  return { message, file, line, effect: 'jail' }
}

function describeNotice({ message, file, line }: ConfigNotice): string[] {
  return message === null ? [] : [describeFault({ message, file, line, effect: 'folder' })]
}

/** Says why the configuration does not have a jail that runs: it may be in a file that is not read. */
export function whyNotConfigured(problems: readonly ConfigProblem[]): string {
  const what = 'This jail runs in fail2ban, but its configuration does not have it.'
  const unread = problems.find(({ kind }) => kind !== 'syntax')
  if (unread === undefined) return what
  const { kind, file, line, message } = unread
  const who = kind === 'encoding' ? 'fail2ban does not take' : 'BanGUI could not read'
  return `${what} It may be in a file that ${who}: ${file}${line === null ? '' : `, line ${line}`}: ${message}`
}
