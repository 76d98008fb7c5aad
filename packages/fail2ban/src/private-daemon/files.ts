import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A jail of a private daemon. Values are written as they are given: a test may want a bad one. */
export interface PrivateJail {
  readonly name: string
  /** @default true */
  readonly enabled?: boolean
  /** @default `^.*Failed login for .* from <HOST>$` */
  readonly failregex?: string
  readonly bantime?: string | number
  readonly findtime?: string | number
  readonly maxretry?: string | number
  /** @default a log of its own in the daemon's folder */
  readonly logPath?: string
  /** further options of the jail's section */
  readonly options?: Readonly<Record<string, string>>
}

/** Where a private daemon keeps its things, all inside its folder. */
export interface PrivatePaths {
  readonly folder: string
  readonly configDir: string
  readonly socketPath: string
  readonly pidfile: string
  readonly dbfile: string
  readonly logfile: string
}

/** The paths of a private daemon in a folder. */
export const privatePaths = (folder: string): PrivatePaths => ({
  folder,
  configDir: join(folder, 'config'),
  socketPath: join(folder, 'fail2ban.sock'),
  pidfile: join(folder, 'fail2ban.pid'),
  dbfile: join(folder, 'fail2ban.sqlite3'),
  logfile: join(folder, 'fail2ban.log'),
})

/** The log that a jail reads. */
export const jailLogPath = (paths: PrivatePaths, jail: PrivateJail): string =>
  jail.logPath ?? join(paths.folder, 'logs', `${jail.name}.log`)

const defaultRegex = '^.*Failed login for .* from <HOST>$'

/** Writes a whole configuration as a distribution would ship it: every jail off, the enabled ones on in `jail.d`. */
export async function writeConfig(paths: PrivatePaths, jails: readonly PrivateJail[]): Promise<void> {
  const { configDir } = paths
  await writeText(join(configDir, 'fail2ban.conf'), daemonConfig(paths))
  await writeText(join(configDir, 'action.d', 'noop.conf'), noopAction)
  await writeText(join(configDir, 'action.d', 'crash.conf'), crashAction(paths.pidfile))
  await writeText(
    join(configDir, 'jail.conf'),
    [jailDefaults, ...jails.map((jail) => section(paths, jail))].join('\n'),
  )
  const on = jails.filter((jail) => jail.enabled !== false).map((jail) => `[${jail.name}]\nenabled = true\n`)
  await writeText(join(configDir, 'jail.d', 'defaults.conf'), on.join('\n'))
  for (const jail of jails) await writeJailFiles(paths, jail)
}

/** Adds one more jail to a configuration that stands. */
export async function appendJail(paths: PrivatePaths, jail: PrivateJail): Promise<void> {
  await writeJailFiles(paths, jail)
  const enabled = `enabled = ${jail.enabled !== false}\n`
  await writeText(join(paths.configDir, 'jail.d', `${jail.name}.conf`), section(paths, jail) + enabled)
}

async function writeJailFiles(paths: PrivatePaths, jail: PrivateJail): Promise<void> {
  await writeText(
    join(paths.configDir, 'filter.d', `${jail.name}.conf`),
    filter(jail.failregex ?? defaultRegex),
  )
  if (jail.logPath === undefined) await writeText(jailLogPath(paths, jail), '')
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

const daemonConfig = (paths: PrivatePaths) => `[DEFAULT]
loglevel = INFO
logtarget = ${paths.logfile}
syslogsocket = auto
socket = ${paths.socketPath}
pidfile = ${paths.pidfile}
dbfile = ${paths.dbfile}
dbpurgeage = 1d
dbmaxmatches = 10

[Definition]
allowipv6 = yes

[Thread]
`

const jailDefaults = `[DEFAULT]
ignorecommand =
bantime = 10m
findtime = 10m
maxretry = 3
backend = polling
usedns = no
logencoding = utf-8
enabled = false
filter = %(__name__)s
action = noop
`

const noopAction = `[Definition]
actionstart =
actionstop =
actioncheck =
actionban =
actionunban =
`

const crashAction = (pidfile: string) => `[Definition]
actionstart = kill -9 $(cat '${pidfile}')
actionstart_on_demand = false
actionstop =
actioncheck =
actionban =
actionunban =
`

const filter = (failregex: string) => `[Definition]
failregex = ${failregex}
ignoreregex =
datepattern = ^%%Y-%%m-%%d %%H:%%M:%%S
`

function section(paths: PrivatePaths, jail: PrivateJail): string {
  const { bantime, findtime, maxretry } = jail
  const options = { logpath: jailLogPath(paths, jail), bantime, findtime, maxretry, ...jail.options }
  const lines = Object.entries(options).filter(([, value]) => value !== undefined)
  return `[${jail.name}]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}`
}
