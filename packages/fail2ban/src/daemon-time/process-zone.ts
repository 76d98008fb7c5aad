import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { readZoneFile } from './zone-file.ts'
import { parseZoneRule } from './zone-rule.ts'
import { utc, type Zone } from './zone.ts'

const ZONES_FOLDER = '/usr/share/zoneinfo'
const MAX_FILE_BYTES = 256 * 1024
const MAX_LINKS = 8

/**
 * Finds the zone that a fail2ban was started in, by the process id that its log lines have: its variable TZ, and the
 * zone files that it sees itself. Undefined where there is no such process, or BanGUI may not look into it.
 */
export type FindProcessZone = (pid: number) => Zone | undefined

/** How often running processes are listed at most: a log has many runs of processes that have ended. */
const SERVERS_CACHE_MS = 1000

/** Creates the finder. */
export function createProcessZones(): FindProcessZone {
  let listed: { readonly at: number; readonly servers: readonly ServerProcess[] } | undefined
  const listServers = () => {
    const now = performance.now()
    if (!listed || now >= listed.at + SERVERS_CACHE_MS) listed = { at: now, servers: findServers() }
    return listed.servers
  }
  return (pid) => {
    if (!Number.isSafeInteger(pid) || pid < 1) return undefined
    // a daemon in a container has another number there than here
    const found = isFail2ban(String(pid))
      ? String(pid)
      : listServers().find(({ innerPid }) => innerPid === pid)?.pid
    const environment = found === undefined ? undefined : readEnvironment(found)
    return environment && zoneOf(environment, `/proc/${found}/root`)
  }
}

/** Returns the zone that this process was started in. */
export const findOwnZone = (): Zone => zoneOf(readEnvironment('self') ?? new Map(), '')

interface ServerProcess {
  readonly pid: string
  /** in its own namespace: the last one of `NSpid` */
  readonly innerPid: number
}

const findServers = (): ServerProcess[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isFail2ban(entry))
    .map((pid) => {
      const [, innerPid] = /^NSpid:.*\t(\d+)$/m.exec(readText(`/proc/${pid}/status`) ?? '') ?? []
      return { pid, innerPid: Number(innerPid) }
    })

/**
 * Only root's, and those of BanGUI's own user: anybody else can have started a program of any name. Whose it is is read first: reading
 * the arguments of a process can wait for its memory, and with it for whoever owns it.
 */
const isFail2ban = (pid: string): boolean =>
  isTrusted(readText(`/proc/${pid}/status`) ?? '', process.getuid?.()) &&
  readText(`/proc/${pid}/cmdline`)?.includes('fail2ban-server') === true

/** Returns whether a process of this `status` (proc(5)) runs as root or as a user. The owner of its folder is no proof. */
export function isTrusted(status: string, user: number | undefined): boolean {
  const [, effective] = /^Uid:\t\d+\t(\d+)\t/m.exec(status) ?? []
  return effective !== undefined && [0, user].includes(Number(effective))
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

/** Reads synchronously: `/proc` is no disk. */
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
