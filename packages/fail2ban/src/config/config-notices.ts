import type { ConfigNotice } from '@bangui/shared'
import { jailWithoutLog, placeIn } from './client-messages.ts'
import type { Refusal } from './client-messages.ts'
import type { ConfigProblem, Fail2banConfig } from './config-model.ts'
import { isReadWhole } from './file-source.ts'
import { findFolderFaults } from './folder-faults.ts'
import { interpolate } from './interpolate.ts'
import type { Fault } from './jail-faults.ts'
import type { DumpReading, OwnSetting } from './read-dump.ts'

const MAX_OUTPUT = 2000

/** A configuration, with the results of its checks. */
export interface ConfigFindings {
  readonly config: Fail2banConfig
  /** of all files that were read, those of filters and actions included */
  readonly problems: readonly ConfigProblem[]
  /** of all jails, by name */
  readonly faults: ReadonlyMap<string, readonly Fault[]>
  /** null: fail2ban-client could not be asked, or sees other files than fail2ban does */
  readonly dump: DumpReading | null
}

/** The notices about a configuration, that fail2ban would not start with it first. */
export function configNotices(findings: ConfigFindings): ConfigNotice[] {
  const { problems, dump } = findings
  const refused = dump === null ? guessRefusal(findings) : findRefusal(findings, dump)
  const about = (kinds: readonly ConfigProblem['kind'][], kind: ConfigNotice['kind']) =>
    problems
      .filter((problem) => kinds.includes(problem.kind))
      .map(({ file, line, message }) => ({ kind, file, line, jail: null, message, output: null }))
  return [
    ...(refused === undefined ? [] : [refused]),
    ...about(['encoding'], 'passed_over').filter(({ file }) => file !== refused?.file),
    ...about(['unreadable', 'bounds'], 'unreadable'),
  ]
}

function findRefusal(findings: ConfigFindings, dump: DumpReading): ConfigNotice | undefined {
  if (!dump.isRefused) return undefined
  const { refusals } = dump
  const [first] = refusals
  const [setting] = dump.refusedSettings
  if (first === undefined)
    return setting === undefined ? everyJailWrong(findings, dump) : ownSetting(findings, setting)
  const output = refusals.map(({ reason }) => reason).join('\n')
  const { jail = first.jail, ...place } = placeOf(findings, refusals)
  return { kind: 'refused', jail, ...place, output: output.slice(0, MAX_OUTPUT) }
}

function everyJailWrong({ faults }: ConfigFindings, { wrongJails }: DumpReading): ConfigNotice {
  const [[name, output] = [null, null]] = wrongJails
  const fault = faults.get(name ?? '')?.find(({ effect }) => effect === 'jail')
  const what = fault === undefined ? '' : ` In ${name}: ${fault.message}`
  const message = `Every enabled jail has an error.${what}`
  return {
    kind: 'refused',
    file: fault?.file ?? null,
    line: fault?.line ?? null,
    jail: null,
    message,
    output,
  }
}

function ownSetting({ config }: ConfigFindings, setting: OwnSetting): ConfigNotice {
  const section = setting === 'stacksize' ? 'Thread' : 'Definition'
  const found = interpolate(config.fail2ban, section, setting)
  const { file = null, line = null } = found ?? {}
  const message = `fail2ban does not accept this value of ${setting}, and starts no jails with it.`
  return { kind: 'refused', file, line, jail: null, message, output: null }
}

/** Without fail2ban-client nothing but what BanGUI finds itself is known. */
function guessRefusal({ config, faults, problems }: ConfigFindings): ConfigNotice | undefined {
  const syntax = problems.find(({ kind }) => kind === 'syntax')
  const others = isReadWhole(problems) ? findFolderFaults(config, faults) : []
  const found = syntax === undefined ? others[0] : { ...syntax, jail: null }
  if (found === undefined) return undefined
  const { file, line, message, jail } = found
  return { kind: 'refused', file, line, jail, message, output: null }
}

type Place = Pick<ConfigNotice, 'file' | 'line' | 'message'> & { readonly jail?: string | null }

/** Returns the place of the cause of fail2ban's refusal: from its message, or where BanGUI finds it. */
function placeOf(findings: ConfigFindings, refusals: readonly Refusal[]): Place {
  for (const { reason } of refusals) {
    const place = placeIn(reason)
    if (place !== undefined) return inWords(findings.problems, place)
  }
  const reason = refusals[0]?.reason ?? ''
  const jail = refusals[0]?.jail ?? null
  const logless = jailWithoutLog(reason)
  if (logless !== undefined) return logOf(findings.config, logless)
  if (reason.startsWith('Invalid log level')) return levelOf(findings.config)
  // what fail2ban's own parser finds has its place in the message: this is about a name of an include
  const include = findings.problems.find(({ kind }) => kind === 'syntax')
  if (include !== undefined) return { file: include.file, line: include.line, message: include.message }
  const faults = findFolderFaults(findings.config, findings.faults)
  const fault = faults.find((each) => each.jail === jail) ?? faults[0]
  if (fault === undefined) return { file: null, line: null, message: null }
  const { file, line, message } = fault
  return { file, line, message, jail: fault.jail }
}

function inWords(
  problems: readonly ConfigProblem[],
  place: { readonly file: string; readonly line: number | null },
): Place {
  const same = problems.find(
    ({ file, line }) => file === place.file && (place.line === null || line === place.line),
  )
  return { file: place.file, line: place.line ?? same?.line ?? null, message: same?.message ?? null }
}

function logOf(config: Fail2banConfig, jail: string): Place {
  const found = interpolate(config.jail, jail, 'logpath')
  const message = `The jail ${jail} has no log file: no file matches its logpath.`
  return { file: found?.file ?? null, line: found?.line ?? null, message }
}

function levelOf(config: Fail2banConfig): Place {
  const found = interpolate(config.fail2ban, 'Definition', 'loglevel')
  return {
    file: found?.file ?? null,
    line: found?.line ?? null,
    message: 'fail2ban does not know this log level.',
  }
}
