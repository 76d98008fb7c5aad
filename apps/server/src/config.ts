import { readFileSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import type { ConfigWrite } from '@bangui/fail2ban'
import { defaultRuntimeSettings, type RuntimeSettings } from '@bangui/shared'
import { readProxies, type Proxies } from './lib/proxy-of.ts'
import type { PrivateUrls } from './lib/reach.ts'
import { readEnvironment, type Environment } from './config/read-environment.ts'
import type { GivenValues, VariableKey } from './config/variables.ts'

/** Everything that is decided before the start and never changes after it. */
export interface Config {
  readonly host: string
  readonly port: number
  /** the address under which people reach BanGUI */
  readonly publicUrl: string | null
  /** begins and ends with a slash */
  readonly basePath: string
  readonly dataDir: string
  readonly databaseUrl: string
  readonly fail2banSocket: string
  readonly fail2banConfigDir: string
  readonly fail2banClient: string
  /** an argument vector; null: worked out from the host */
  readonly fail2banStartCommand: readonly string[] | null
  readonly workers: number | null
  readonly trustProxy: readonly string[]
  readonly configWrite: ConfigWrite
  /** nothing is changed in fail2ban, its files or its bans */
  readonly readOnly: boolean
  readonly logDirs: readonly string[]
  /** which private and loopback addresses BanGUI may fetch from: all, none, or these */
  readonly allowPrivateUrls: PrivateUrls
  /** those of the environment, through which BanGUI fetches */
  readonly proxies: Proxies
  /** a MaxMind-format file of the user's own; null: the bundled one */
  readonly geoFile: string | null
  readonly geoServiceUrl: string
  readonly logLevel: string
  /** completes the setup unattended */
  readonly admin: { readonly username: string; readonly password: string } | null
  /** encrypts the secrets in the database; null: the key is in a file of the data folder */
  readonly secretKey: string | null
  readonly nodeName: string
  /** the machine's own name, which requests may address */
  readonly machineName: string
  /** the settings that overrides in the database may overlay */
  readonly runtime: RuntimeSettings
  /** which variables the environment gave */
  readonly given: ReadonlySet<VariableKey>
}

/** The problems of the environment, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** The facts of the machine that defaults follow. */
export interface Machine {
  readonly isRoot: boolean
  readonly hostname: string
  /** null: the user has none */
  readonly home: string | null
  readonly cwd: string
  readonly readFile: (path: string) => string
}

const thisMachine = (): Machine => ({
  isRoot: process.getuid?.() === 0,
  hostname: hostname(),
  home: findHome(),
  cwd: process.cwd(),
  readFile: (path) => readFileSync(path, 'utf8'),
})

/** Returns the user's home folder if it is an absolute path: an empty or relative one would mean the working directory. */
function findHome(): string | null {
  try {
    return [homedir(), userInfo().homedir].find(isAbsolute) ?? null
  } catch {
    // a user that this machine has no record of
    return null
  }
}

/** Reads the environment. @throws ConfigError that names everything that is wrong with it */
export function loadConfig(env: Environment, machine: Machine = thisMachine()): Config {
  const { values, given, doubtful, problems } = readEnvironment(env, machine.readFile)
  const known = (...keys: VariableKey[]) => !keys.some((key) => doubtful.has(key))
  const dataDir = values.dataDir ?? defaultDataDir(env, machine)
  const all = [...problems, ...conflicts(values, given, known)]
  if (dataDir === null && known('dataDir')) all.push(NO_HOME)
  if (dataDir === null || all.length > 0) throw new ConfigError(all)

  return configOf(resolve(machine.cwd, dataDir), { values, given, machine, proxies: readProxies(env) })
}

const NO_HOME =
  'BANGUI_DATA_DIR is not set, and this user has no home folder to keep data in (HOME is not an absolute path). Set one of them.'

interface Read {
  readonly values: GivenValues
  readonly given: ReadonlySet<VariableKey>
  readonly machine: Machine
  readonly proxies: Proxies
}

function configOf(dataDir: string, { values, given, machine, proxies }: Read): Config {
  const config: Config = {
    ...defaults,
    ...withoutRuntime(values),
    dataDir,
    databaseUrl: values.databaseUrl ?? `sqlite:${join(dataDir, 'bangui.db')}`,
    fail2banSocket: resolve(machine.cwd, values.fail2banSocket ?? defaults.fail2banSocket),
    fail2banConfigDir: resolve(machine.cwd, values.fail2banConfigDir ?? defaults.fail2banConfigDir),
    geoFile: values.geoFile === undefined ? null : resolve(machine.cwd, values.geoFile),
    admin: adminOf(values),
    secretKey: values.secretKey ?? null,
    nodeName: values.nodeName ?? machine.hostname,
    machineName: machine.hostname,
    proxies,
    runtime: runtimeOf(values),
    given,
  }
  return freeze(config)
}

const defaults = {
  host: '127.0.0.1',
  port: 8080,
  publicUrl: null,
  basePath: '/',
  fail2banSocket: '/var/run/fail2ban/fail2ban.sock',
  fail2banConfigDir: '/etc/fail2ban',
  fail2banClient: 'fail2ban-client',
  fail2banStartCommand: null,
  workers: null,
  trustProxy: [],
  configWrite: 'jails',
  readOnly: false,
  logDirs: ['/var/log'],
  allowPrivateUrls: false,
  geoServiceUrl: 'http://ip-api.com/batch',
  logLevel: 'info',
} as const

function defaultDataDir(env: Environment, machine: Machine): string | null {
  if (machine.isRoot) return '/var/lib/bangui'
  const xdg = env['XDG_DATA_HOME']
  if (xdg?.startsWith('/')) return join(xdg, 'bangui')
  return machine.home === null ? null : join(machine.home, '.local/share/bangui')
}

/** Returns the problems of variables that contradict each other. */
function conflicts(
  values: GivenValues,
  given: ReadonlySet<VariableKey>,
  known: (...keys: VariableKey[]) => boolean,
): string[] {
  const problems: string[] = []
  if (known('adminUsername', 'adminPassword') && given.has('adminUsername') !== given.has('adminPassword')) {
    const [set, missing] = given.has('adminPassword') ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
    problems.push(`BANGUI_ADMIN_${set} is set without BANGUI_ADMIN_${missing}. Set both, or neither.`)
  }
  const publicPath = values.publicUrl ? new URL(values.publicUrl).pathname : '/'
  const basePath = values.basePath ?? defaults.basePath
  if (known('basePath') && publicPath !== '/' && `${publicPath}/`.replace('//', '/') !== basePath) {
    problems.push(
      `BANGUI_PUBLIC_URL has the path "${publicPath}" while BANGUI_BASE_PATH is "${basePath}". ` +
        'Make them the same, or leave the path out of the address.',
    )
  }
  return problems
}

const adminOf = ({ adminUsername, adminPassword }: GivenValues) =>
  adminUsername === undefined || adminPassword === undefined
    ? null
    : { username: adminUsername, password: adminPassword }

const runtimeOf = (values: GivenValues): RuntimeSettings => ({
  probeIntervalSeconds: values.probeIntervalSeconds ?? defaultRuntimeSettings.probeIntervalSeconds,
  sessionCacheEnabled: values.sessionCacheEnabled ?? defaultRuntimeSettings.sessionCacheEnabled,
  sessionCacheTtlSeconds: values.sessionCacheTtlSeconds ?? defaultRuntimeSettings.sessionCacheTtlSeconds,
  sessionIdleMinutes: values.sessionIdleMinutes ?? defaultRuntimeSettings.sessionIdleMinutes,
  sessionMaxDays: values.sessionMaxDays ?? defaultRuntimeSettings.sessionMaxDays,
  historyRetentionDays: values.historyRetentionDays ?? defaultRuntimeSettings.historyRetentionDays,
  logLineRetentionDays: values.logLineRetentionDays ?? defaultRuntimeSettings.logLineRetentionDays,
  geoCacheDays: values.geoCacheDays ?? defaultRuntimeSettings.geoCacheDays,
  geoServiceEnabled: values.geoServiceEnabled ?? defaultRuntimeSettings.geoServiceEnabled,
  confirmChangesSeconds: values.confirmChangesSeconds ?? defaultRuntimeSettings.confirmChangesSeconds,
})

function withoutRuntime(values: GivenValues) {
  const {
    adminUsername: _username,
    adminPassword: _password,
    probeIntervalSeconds: _probe,
    sessionCacheEnabled: _enabled,
    sessionCacheTtlSeconds: _ttl,
    sessionIdleMinutes: _idle,
    sessionMaxDays: _days,
    historyRetentionDays: _history,
    logLineRetentionDays: _lines,
    geoCacheDays: _geoDays,
    geoServiceEnabled: _geoService,
    confirmChangesSeconds: _confirm,
    ...rest
  } = values
  return rest
}

function freeze<TValue extends object>(value: TValue): TValue {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) Object.freeze(part)
  return Object.freeze(value)
}
