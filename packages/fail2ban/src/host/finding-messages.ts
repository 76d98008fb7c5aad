import { isAbsolute, join, relative } from 'node:path'
import type { ConfigMessage } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { readDefinitions } from '../config/definitions.ts'
import { readRegularFile } from '../config/file-source.ts'
import { findCause, type Cause, type ReadConfig } from '../config/find-cause.ts'
import { readIni } from '../config/ini-file.ts'
import { findJailFaults } from '../config/jail-faults.ts'
import { configuredJails } from '../config/list-jails.ts'
import { roleOf } from '../config/privileges/changed-keys.ts'
import { placeInFile } from '../config/place-in-file.ts'
import type { ConfigPlace } from '../host-error.ts'
import type { Finding } from './check-config.ts'

/** What fail2ban says about a change. */
export interface ExaminedChange {
  /** the configuration after the change, read from a copy */
  readonly config: Fail2banConfig
  /** the folder that messages name */
  readonly live: string
  /** why the change is refused; null: it is not */
  readonly refused: string | null
  /** the findings for which it is refused */
  readonly blocking: readonly Finding[]
  /** what it does not touch, and what fail2ban passes over */
  readonly others: readonly Finding[]
}

/** Returns what fail2ban says about a change, each with the file, line, section and option of the cause, as far as they are known. */
export async function findingMessages(examined: ExaminedChange): Promise<ConfigMessage[]> {
  const { config, live, refused, blocking, others } = examined
  if (blocking.length + others.length === 0)
    return refused === null ? [] : [refusalMessage({ message: refused }, live)]
  const read = await readJails(config, [...blocking, ...others])
  const messageOf = async (finding: Finding, severity: ConfigMessage['severity']): Promise<ConfigMessage> => {
    const cause = findCause(finding, read)
    const place = await placeOf(cause, { copy: config.configDir, live })
    return { severity, text: finding.reason, jail: cause?.jail ?? finding.jail, ...place }
  }
  const errors = await Promise.all(blocking.map((finding) => messageOf(finding, 'error')))
  const warnings = await Promise.all(others.map((finding) => messageOf(finding, 'warning')))
  if (refused !== null && errors.length === 0) errors.push(refusalMessage({ message: refused }, live))
  return [...errors, ...warnings]
}

/** A reason of BanGUI against a change. */
export interface OwnReason {
  readonly message: string
  readonly place?: ConfigPlace | undefined
}

/** Returns a reason of BanGUI against a change as a message, with its place, or the file that it names. */
export function refusalMessage({ message: text, place }: OwnReason, live: string): ConfigMessage {
  const message = { severity: 'error', text, jail: null } as const
  if (place === undefined) {
    const [, file = null] = /(\/[^\s'":]+\.(?:conf|local))\b/.exec(text) ?? []
    return { ...message, file, line: null, section: null, key: null }
  }
  const isOfJail = roleOf(place.file) === 'jail' && !['DEFAULT', 'INCLUDES', null].includes(place.section)
  return { ...message, ...place, file: join(live, place.file), jail: isOfJail ? place.section : null }
}

async function readJails(config: Fail2banConfig, findings: readonly Finding[]): Promise<ReadConfig> {
  const enabled = configuredJails(config).flatMap((jail) => (jail.enabled ? [jail.name] : []))
  const named = findings.flatMap(({ jail }) => (jail === null ? [] : [jail]))
  const jails = [...new Set([...enabled, ...named])]
  const definitions = await readDefinitions(config, jails)
  const faults = new Map(jails.map((name) => [name, findJailFaults(config, name, definitions)]))
  return { config, definitions, faults }
}

type Place = Pick<ConfigMessage, 'file' | 'line' | 'section' | 'key'>

/** Where the copy is, and the folder that it stands for. */
interface Folders {
  readonly copy: string
  readonly live: string
}

async function placeOf(cause: Cause | undefined, { copy, live }: Folders): Promise<Place> {
  if (cause === undefined) return { file: null, line: null, section: null, key: null }
  const { file } = cause
  const bytes = await readRegularFile(moved(file, live, copy)).catch(() => undefined)
  const place = bytes && placeInFile(readIni(bytes), cause)
  return { file: moved(file, copy, live), line: cause.line, section: null, key: null, ...place }
}

/** Returns the path of a file of one folder in the other; files elsewhere stay where they are. */
function moved(file: string, from: string, to: string): string {
  const inside = relative(from, file)
  return isAbsolute(inside) || inside.startsWith('..') ? file : join(to, inside)
}
