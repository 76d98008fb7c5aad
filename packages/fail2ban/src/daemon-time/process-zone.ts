import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { readZoneFile } from './zone-file.ts'
import { parseZoneRule } from './zone-rule.ts'
import { utc, type Zone } from './zone.ts'

const ZONES_FOLDER = '/usr/share/zoneinfo'
const MAX_FILE_BYTES = 256 * 1024
const MAX_LINKS = 8

/**
 * Returns the zone that a fail2ban was started in, by the process id that its log lines have: its variable TZ, and the
 * zone files that it sees itself. Undefined where there is no such process, or BanGUI may not look into it.
 */
export function findProcessZone(pid: number): Zone | undefined {
  const found = findProcess(pid)
  const environment = found === undefined ? undefined : readEnvironment(found)
  if (environment === undefined) return undefined
  return zoneOf(environment, `/proc/${found}/root`)
}

/** Returns the zone that this process was started in. */
export const findOwnZone = (): Zone => zoneOf(readEnvironment('self') ?? new Map(), '')

/** A daemon in a container has another number there than here: the last one of `NSpid`. */
function findProcess(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined
  if (isFail2ban(String(pid))) return String(pid)
  return readdirSync('/proc').find(
    (entry) =>
      /^\d+$/.test(entry) &&
      isFail2ban(entry) &&
      new RegExp(`^NSpid:.*\\t${pid}$`, 'm').test(readText(`/proc/${entry}/status`) ?? ''),
  )
}

/** Only root's, and those of BanGUI's own user: anybody else can have started a program of any name. */
function isFail2ban(pid: string): boolean {
  if (readText(`/proc/${pid}/cmdline`)?.includes('fail2ban-server') !== true) return false
  const { uid } = statSync(`/proc/${pid}`, { throwIfNoEntry: false }) ?? {}
  return uid === 0 || uid === process.getuid?.()
}

function readEnvironment(pid: string): ReadonlyMap<string, string> | undefined {
  const text = readText(`/proc/${pid}/environ`)
  if (text === undefined) return undefined
  return new Map(
    text.split('\0').map((variable): [string, string] => {
      const [name = ''] = variable.split('=', 1)
      return [name, variable.slice(name.length + 1)]
    }),
  )
}

/** `/proc` is no disk: nobody waits for it. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** The zone of an environment, as the C library finds it: a file, else a rule, else UTC (tzset(3)). */
function zoneOf(environment: ReadonlyMap<string, string>, root: string): Zone {
  const variable = environment.get('TZ')
  if (variable === undefined) return readFile(root, '/etc/localtime') ?? utc
  const text = variable.replace(/^:/, '')
  if (text === '') return utc
  const folder = environment.get('TZDIR') ?? ZONES_FOLDER
  return readFile(root, text.startsWith('/') ? text : join(folder, text)) ?? parseZoneRule(text) ?? utc
}

/** Reads a zone file as a process with another root sees it. */
function readFile(root: string, path: string): Zone | undefined {
  try {
    const file = openSync(resolveLinks(root, path), constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const { size } = fstatSync(file)
      if (!fstatSync(file).isFile() || size > MAX_FILE_BYTES) return undefined
      const bytes = Buffer.alloc(size)
      return readZoneFile(bytes.subarray(0, readSync(file, bytes, 0, size, 0)))
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** A link that begins at the root means the root of that process: the kernel would take ours. */
function resolveLinks(root: string, path: string): string {
  let found = path
  for (let links = 0; links < MAX_LINKS; links++) {
    const target = readLink(root + found)
    if (target === undefined) break
    found = join(dirname(found), target)
    if (target.startsWith('/')) found = target
  }
  return root + found
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
