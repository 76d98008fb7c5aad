import { isIP } from 'node:net'
import { NewPassword, RuntimeSettings, Username } from '@bangui/shared'
import * as z from 'zod'
import { MIN_KEY_LENGTH } from '../lib/secret-key.ts'
import { parsePrivateUrl } from '../lib/reach.ts'

/** One `BANGUI_` variable: its parser, and a sentence about what is allowed. */
export interface Variable<TValue> {
  readonly name: string
  readonly schema: z.ZodType<TValue, string>
  readonly allowed: string
  /** never shown; may be given as `<name>_FILE` */
  readonly secret: boolean
}

const define = <TValue>(
  name: string,
  schema: z.ZodType<TValue, string>,
  rest: { allowed: string; secret?: boolean },
): Variable<TValue> => ({ name, schema, allowed: rest.allowed, secret: rest.secret ?? false })

const integer = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)

const boolean = z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']).transform(isYes)

const booleanAllowed = 'true or false'

function isYes(text: string): boolean {
  return text === 'true' || text === '1' || text === 'yes' || text === 'on'
}

const path = z.string().refine((text) => !text.includes('\0'))

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()))

const publicUrl = z
  .string()
  .refine((text) => URL.canParse(text))
  .transform((text) => new URL(text))
  .refine((url) => (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '')
  .refine((url) => !url.username && !url.password && !url.search && !url.hash)
  .transform((url) => url.href)

const httpUrl = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))

const privateUrls = z.union([
  boolean,
  list.pipe(z.array(z.string().refine((text) => parsePrivateUrl(text) !== undefined))),
])

const basePath = z
  .string()
  .regex(/^[A-Za-z0-9_~./-]+$/)
  .refine((text) => !text.split('/').some((part) => part === '.' || part === '..'))
  .transform((text) => `/${text}/`.replaceAll(/\/{2,}/g, '/'))

const argumentVector = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      // not JSON is one of the ways in which it is no array
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.array(z.string().refine((text) => !text.includes('\0'))).min(1))
  .refine((parts) => parts[0] !== '')

const isNetwork = (text: string) => {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
}

const runtime = RuntimeSettings.shape

/** Every variable, by the name that its value has in the configuration. */
export const variables = {
  host: define('BANGUI_HOST', z.string().regex(/^[A-Za-z0-9.:_%-]{1,255}$/), {
    allowed: 'the address or host name to listen on, such as 127.0.0.1, 0.0.0.0 or ::',
  }),
  port: define('BANGUI_PORT', integer.pipe(z.int().max(65_535)), {
    allowed: 'a whole number from 0 to 65535; 0 picks a free port',
  }),
  publicUrl: define('BANGUI_PUBLIC_URL', publicUrl, {
    allowed: 'the http or https address under which people reach BanGUI, such as https://bangui.example.org',
  }),
  basePath: define('BANGUI_BASE_PATH', basePath, { allowed: 'a path such as / or /bangui' }),
  dataDir: define('BANGUI_DATA_DIR', path, { allowed: 'the path of a folder' }),
  databaseUrl: define('BANGUI_DATABASE_URL', z.string().regex(/^sqlite:.*[^\s\0]/s), {
    allowed: 'sqlite:PATH; this version supports no other database',
    secret: true,
  }),
  fail2banSocket: define('BANGUI_FAIL2BAN_SOCKET', path, { allowed: "the path of fail2ban's socket" }),
  fail2banConfigDir: define('BANGUI_FAIL2BAN_CONFIG_DIR', path, { allowed: 'the path of a folder' }),
  fail2banClient: define(
    'BANGUI_FAIL2BAN_CLIENT',
    path.refine((text) => !text.startsWith('-')),
    {
      allowed: 'the name or path of fail2ban-client',
    },
  ),
  fail2banStartCommand: define('BANGUI_FAIL2BAN_START_COMMAND', argumentVector, {
    allowed: 'a JSON array of strings, such as ["systemctl","start","fail2ban"]',
  }),
  probeIntervalSeconds: define('BANGUI_PROBE_INTERVAL_SECONDS', integer.pipe(runtime.probeIntervalSeconds), {
    allowed: 'whole seconds from 1 to 3600',
  }),
  sessionCacheEnabled: define('BANGUI_SESSION_CACHE_ENABLED', boolean, { allowed: booleanAllowed }),
  sessionCacheTtlSeconds: define(
    'BANGUI_SESSION_CACHE_TTL_SECONDS',
    integer.pipe(runtime.sessionCacheTtlSeconds),
    { allowed: 'whole seconds from 0 to 3600; 0 switches the cache off' },
  ),
  sessionIdleMinutes: define('BANGUI_SESSION_IDLE_MINUTES', integer.pipe(runtime.sessionIdleMinutes), {
    allowed: 'whole minutes from 5 to 43200',
  }),
  sessionMaxDays: define('BANGUI_SESSION_MAX_DAYS', integer.pipe(runtime.sessionMaxDays), {
    allowed: 'whole days from 1 to 365',
  }),
  historyRetentionDays: define('BANGUI_HISTORY_RETENTION_DAYS', integer.pipe(runtime.historyRetentionDays), {
    allowed: 'whole days from 0 to 36500; 0 keeps the history forever',
  }),
  logLineRetentionDays: define('BANGUI_LOG_LINE_RETENTION_DAYS', integer.pipe(runtime.logLineRetentionDays), {
    allowed: 'whole days from 0 to 36500',
  }),
  geoFile: define('BANGUI_GEO_FILE', path, { allowed: 'the path of a MaxMind-format file (.mmdb)' }),
  geoServiceUrl: define('BANGUI_GEO_SERVICE_URL', httpUrl, {
    allowed: 'the http or https address of a batch service with the interface of ip-api.com',
    // it may hold a key
    secret: true,
  }),
  geoServiceEnabled: define('BANGUI_GEO_SERVICE_ENABLED', boolean, { allowed: booleanAllowed }),
  geoCacheDays: define('BANGUI_GEO_CACHE_DAYS', integer.pipe(runtime.geoCacheDays), {
    allowed: 'whole days from 1 to 3650',
  }),
  confirmChangesSeconds: define(
    'BANGUI_CONFIRM_CHANGES_SECONDS',
    integer.pipe(runtime.confirmChangesSeconds),
    {
      allowed: 'whole seconds from 0 to 600; 0 keeps changes without a confirmation',
    },
  ),
  workers: define('BANGUI_WORKERS', integer.pipe(z.literal(1)), {
    allowed: '1: only one process may use a BanGUI database; a second process would run every job twice',
  }),
  trustProxy: define('BANGUI_TRUST_PROXY', list.pipe(z.array(z.string().refine(isNetwork))), {
    allowed: 'addresses or networks of your proxies, comma-separated, such as 127.0.0.1,10.0.0.0/8',
  }),
  configWrite: define('BANGUI_CONFIG_WRITE', z.enum(['off', 'jails', 'all']), {
    allowed: 'off, jails or all',
  }),
  readOnly: define('BANGUI_READ_ONLY', boolean, { allowed: booleanAllowed }),
  logDirs: define('BANGUI_LOG_DIRS', list.pipe(z.array(z.string().regex(/^\/[^\0]*$/))), {
    allowed: 'absolute paths of folders, comma-separated',
  }),
  allowPrivateUrls: define('BANGUI_ALLOW_PRIVATE_URLS', privateUrls, {
    allowed:
      'true, false, or addresses and networks with or without a port, comma-separated, such as 192.168.1.0/24:25,10.0.0.5',
  }),
  logLevel: define('BANGUI_LOG_LEVEL', z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']), {
    allowed: 'fatal, error, warn, info, debug or trace',
  }),
  adminUsername: define('BANGUI_ADMIN_USERNAME', Username, {
    allowed: 'a user name of 1 to 64 characters, none of them a control character',
  }),
  adminPassword: define('BANGUI_ADMIN_PASSWORD', NewPassword, {
    allowed: 'a password of 10 to 1024 characters',
    secret: true,
  }),
  secretKey: define('BANGUI_SECRET_KEY', z.string().min(MIN_KEY_LENGTH).max(4096), {
    allowed: `a key of at least ${MIN_KEY_LENGTH} characters, such as from: openssl rand -base64 32`,
    secret: true,
  }),
  nodeName: define('BANGUI_NODE_NAME', z.string().regex(/^[^\p{C}]{1,255}$/u), {
    allowed: 'a name of 1 to 255 characters, none of them a control character',
  }),
} as const

type Variables = typeof variables
export type VariableKey = keyof Variables
/** The values from the environment; undefined where a variable is not set. */
export type GivenValues = { [K in VariableKey]?: z.output<Variables[K]['schema']> }
