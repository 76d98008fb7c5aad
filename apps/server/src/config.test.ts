import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, type Config, type Machine } from './config.ts'

const machine: Machine = {
  isRoot: false,
  hostname: 'web1',
  home: '/home/ada',
  cwd: '/srv',
  readFile: (path) => {
    if (path === '/run/secret') return 'from the file\n'
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  },
}

const load = (env: Record<string, string>, over: Partial<Machine> = {}) =>
  loadConfig(env, { ...machine, ...over })

function problemsOf(env: Record<string, string>, over?: Partial<Machine>): readonly string[] {
  try {
    load(env, over)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const credentials = { BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASSWORD: 'correct horse' }

describe('defaults', () => {
  it('are those of the contract', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: null,
      basePath: '/',
      dataDir: '/home/ada/.local/share/bangui',
      databaseUrl: 'sqlite:/home/ada/.local/share/bangui/bangui.db',
      fail2banSocket: '/var/run/fail2ban/fail2ban.sock',
      fail2banConfigDir: '/etc/fail2ban',
      fail2banClient: 'fail2ban-client',
      fail2banStartCommand: null,
      workers: null,
      trustProxy: [],
      configWrite: 'jails',
      logDirs: ['/var/log'],
      allowPrivateUrls: false,
      geoFile: null,
      geoServiceUrl: 'http://ip-api.com/batch',
      logLevel: 'info',
      admin: null,
      secretKey: null,
      nodeName: 'web1',
      runtime: { probeIntervalSeconds: 30, sessionCacheEnabled: true, sessionCacheTtlSeconds: 10 },
    })
  })

  it('put the data of root under /var/lib', () => {
    expect(load({}, { isRoot: true }).dataDir).toBe('/var/lib/bangui')
  })

  it('put the data of others into their XDG data folder', () => {
    expect(load({ XDG_DATA_HOME: '/data' }).dataDir).toBe('/data/bangui')
    expect(load({ XDG_DATA_HOME: 'relative' }).dataDir).toBe('/home/ada/.local/share/bangui')
  })

  it('need a home folder where no other is given', () => {
    const none = { home: null }
    expect(problemsOf({}, none)).toEqual([
      'BANGUI_DATA_DIR is not set, and this user has no home folder to keep data in (HOME is not an absolute path). Set one of them.',
    ])
    expect(load({ BANGUI_DATA_DIR: '/data' }, none).dataDir).toBe('/data')
    expect(load({ XDG_DATA_HOME: '/data' }, none).dataDir).toBe('/data/bangui')
    expect(load({}, { ...none, isRoot: true }).dataDir).toBe('/var/lib/bangui')
  })

  it.each(['', 'relative/home'])(
    'do not put data into the folder that BanGUI runs in for HOME=%j',
    (HOME) => {
      const script = `
      const { loadConfig } = await import(${JSON.stringify(new URL('./config.ts', import.meta.url).href)})
      // root keeps its data elsewhere
      if (process.getuid() === 0) process.setuid(65534)
      try { console.log(loadConfig({}).dataDir) } catch (error) { console.log(error.message) }`
      const args = ['--conditions=@bangui/source', '--input-type=module', '-e', script]
      const shown = execFileSync(process.execPath, args, { env: { HOME }, encoding: 'utf8' }).trim()
      expect(shown).toMatch(/^\/|^BANGUI_DATA_DIR is not set/)
      expect(shown).not.toContain(process.cwd())
    },
  )

  it('cannot be changed afterwards', () => {
    const config = load({ BANGUI_TRUST_PROXY: '127.0.0.1' })
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
    expect(() => Object.assign(config.runtime, { probeIntervalSeconds: 1 })).toThrow(TypeError)
    expect(() => (config.trustProxy as string[]).push('10.0.0.1')).toThrow(TypeError)
  })
})

const accepted: [env: Record<string, string>, expected: Partial<Config>][] = [
  [{ BANGUI_HOST: '::' }, { host: '::' }],
  [{ BANGUI_PORT: '0' }, { port: 0 }],
  [{ BANGUI_PORT: '65535' }, { port: 65_535 }],
  [{ BANGUI_PUBLIC_URL: 'https://Bans.example.org' }, { publicUrl: 'https://bans.example.org/' }],
  [{ BANGUI_BASE_PATH: '/' }, { basePath: '/' }],
  [{ BANGUI_BASE_PATH: 'bans' }, { basePath: '/bans/' }],
  [{ BANGUI_BASE_PATH: '/a//b/' }, { basePath: '/a/b/' }],
  [
    { BANGUI_PUBLIC_URL: 'https://example.org/bans', BANGUI_BASE_PATH: '/bans' },
    { publicUrl: 'https://example.org/bans', basePath: '/bans/' },
  ],
  [{ BANGUI_DATA_DIR: 'data' }, { dataDir: '/srv/data', databaseUrl: 'sqlite:/srv/data/bangui.db' }],
  [{ BANGUI_DATABASE_URL: 'sqlite:/x/y.db' }, { databaseUrl: 'sqlite:/x/y.db' }],
  [{ BANGUI_FAIL2BAN_SOCKET: 'f.sock' }, { fail2banSocket: '/srv/f.sock' }],
  [{ BANGUI_FAIL2BAN_CONFIG_DIR: '/opt/f2b' }, { fail2banConfigDir: '/opt/f2b' }],
  [{ BANGUI_FAIL2BAN_CLIENT: '/opt/fail2ban-client' }, { fail2banClient: '/opt/fail2ban-client' }],
  [
    { BANGUI_FAIL2BAN_START_COMMAND: '["rc-service","fail2ban","start"]' },
    { fail2banStartCommand: ['rc-service', 'fail2ban', 'start'] },
  ],
  [{ BANGUI_WORKERS: '1' }, { workers: 1 }],
  [
    { BANGUI_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,fd00::/8' },
    { trustProxy: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'] },
  ],
  [{ BANGUI_CONFIG_WRITE: 'off' }, { configWrite: 'off' }],
  [{ BANGUI_LOG_DIRS: '/var/log,/srv/log' }, { logDirs: ['/var/log', '/srv/log'] }],
  [{ BANGUI_ALLOW_PRIVATE_URLS: 'true' }, { allowPrivateUrls: true }],
  [
    { BANGUI_ALLOW_PRIVATE_URLS: '192.168.1.0/24:25, 10.0.0.5,[fd00::/8]:443' },
    { allowPrivateUrls: ['192.168.1.0/24:25', '10.0.0.5', '[fd00::/8]:443'] },
  ],
  [
    { HTTPS_PROXY: 'http://proxy.example.org:3128', no_proxy: '.lan' },
    { proxies: { http: null, https: 'http://proxy.example.org:3128', no: '.lan' } },
  ],
  [{ BANGUI_LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
  [credentials, { admin: { username: 'ada', password: 'correct horse' } }],
  [
    { BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASSWORD_FILE: '/run/secret' },
    { admin: { username: 'ada', password: 'from the file' } },
  ],
  [{ BANGUI_NODE_NAME: 'frankfurt' }, { nodeName: 'frankfurt' }],
  // an empty variable is none
  [{ BANGUI_PORT: '' }, { port: 8080 }],
]

describe('values', () => {
  it.each(accepted)('%j is taken', (env, expected) => {
    expect(load(env)).toMatchObject(expected)
  })

  it('overlay the settings that may change at runtime', () => {
    const { runtime } = load({
      BANGUI_PROBE_INTERVAL_SECONDS: '5',
      BANGUI_SESSION_CACHE_ENABLED: 'false',
      BANGUI_SESSION_CACHE_TTL_SECONDS: '0',
      BANGUI_SESSION_IDLE_MINUTES: '60',
      BANGUI_SESSION_MAX_DAYS: '2',
      BANGUI_HISTORY_RETENTION_DAYS: '365',
      BANGUI_LOG_LINE_RETENTION_DAYS: '30',
      BANGUI_GEO_CACHE_DAYS: '7',
      BANGUI_GEO_SERVICE_ENABLED: 'true',
      BANGUI_CONFIRM_CHANGES_SECONDS: '0',
    })
    expect(runtime).toEqual({
      probeIntervalSeconds: 5,
      sessionCacheEnabled: false,
      sessionCacheTtlSeconds: 0,
      sessionIdleMinutes: 60,
      sessionMaxDays: 2,
      historyRetentionDays: 365,
      logLineRetentionDays: 30,
      geoCacheDays: 7,
      geoServiceEnabled: true,
      confirmChangesSeconds: 0,
    })
  })

  it('are remembered as given', () => {
    const { given } = load({ BANGUI_PORT: '8080' })
    expect([...given]).toEqual(['port'])
  })
})

const refused: [variable: string, value: string, allowed: string][] = [
  ['BANGUI_HOST', 'a b', 'address or host name'],
  ['BANGUI_PORT', '65536', '0 to 65535'],
  ['BANGUI_PORT', '-1', '0 to 65535'],
  ['BANGUI_PORT', '80a', '0 to 65535'],
  ['BANGUI_PORT', '1e3', '0 to 65535'],
  ['BANGUI_HISTORY_RETENTION_DAYS', '-1', '0 to 36500'],
  ['BANGUI_LOG_LINE_RETENTION_DAYS', '36501', '0 to 36500'],
  ['BANGUI_GEO_CACHE_DAYS', '0', '1 to 3650'],
  ['BANGUI_GEO_SERVICE_ENABLED', 'maybe', 'true or false'],
  ['BANGUI_PUBLIC_URL', 'bans.example.org', 'http or https'],
  ['BANGUI_PUBLIC_URL', 'ftp://bans.example.org', 'http or https'],
  ['BANGUI_PUBLIC_URL', 'https://user@bans.example.org', 'http or https'],
  ['BANGUI_BASE_PATH', '/a/../b', 'a path such as'],
  ['BANGUI_BASE_PATH', '/"><script>', 'a path such as'],
  ['BANGUI_DATA_DIR', 'a\0b', 'path of a folder'],
  ['BANGUI_FAIL2BAN_CLIENT', '--help', 'fail2ban-client'],
  ['BANGUI_FAIL2BAN_START_COMMAND', 'systemctl start fail2ban', 'JSON array'],
  ['BANGUI_FAIL2BAN_START_COMMAND', '[]', 'JSON array'],
  ['BANGUI_FAIL2BAN_START_COMMAND', '["a",1]', 'JSON array'],
  ['BANGUI_FAIL2BAN_START_COMMAND', '[""]', 'JSON array'],
  ['BANGUI_PROBE_INTERVAL_SECONDS', '0', '1 to 3600'],
  ['BANGUI_SESSION_CACHE_ENABLED', 'maybe', 'true or false'],
  ['BANGUI_SESSION_CACHE_TTL_SECONDS', '3601', '0 to 3600'],
  ['BANGUI_SESSION_IDLE_MINUTES', '4', '5 to 43200'],
  ['BANGUI_SESSION_MAX_DAYS', '0', '1 to 365'],
  ['BANGUI_WORKERS', '0', 'Expected 1: only one process'],
  ['BANGUI_WORKERS', '2', 'Expected 1: only one process'],
  ['BANGUI_TRUST_PROXY', 'all', 'addresses or networks'],
  ['BANGUI_TRUST_PROXY', '10.0.0.0/33', 'addresses or networks'],
  ['BANGUI_CONFIG_WRITE', 'yes', 'off, jails or all'],
  ['BANGUI_LOG_DIRS', 'var/log', 'absolute paths'],
  ['BANGUI_ALLOW_PRIVATE_URLS', '2', 'true, false, or addresses'],
  ['BANGUI_ALLOW_PRIVATE_URLS', '10.0.0.5:0', 'true, false, or addresses'],
  ['BANGUI_LOG_LEVEL', 'verbose', 'fatal, error, warn'],
  ['BANGUI_NODE_NAME', 'a\nb', 'control character'],
]

describe('a bad value', () => {
  it.each(refused)('%s=%j is refused with what is allowed', (variable, value, allowed) => {
    const problems = problemsOf({ [variable]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`${variable} is ${JSON.stringify(value)}.`)
    expect(problems[0]).toContain(allowed)
  })

  it('that is a secret is not shown', () => {
    const [problem = '', ...more] = problemsOf({ ...credentials, BANGUI_ADMIN_PASSWORD: 'short' })
    expect(more).toEqual([])
    expect(problem).toContain('BANGUI_ADMIN_PASSWORD is (hidden).')
    expect(problem).not.toContain('short')
  })

  it.each(['postgres://db/x', 'postgresql://db/x', 'mysql://db', 'sqlite:', 'sqlite: ', '/var/lib/x.db'])(
    'is the database %j, and nobody is sent to one that is refused',
    (url) => {
      expect(problemsOf({ BANGUI_DATABASE_URL: url, BANGUI_WORKERS: '4' })).toEqual([
        'BANGUI_DATABASE_URL is (hidden). Expected sqlite:PATH; this version supports no other database.',
        'BANGUI_WORKERS is "4". Expected 1: only one process may use a BanGUI database; a second process would run every job twice.',
      ])
    },
  )

  it.each<[Record<string, string>, string]>([
    [{ ...credentials, BANGUI_ADMIN_PASSWORD: 'short' }, 'BANGUI_ADMIN_PASSWORD is (hidden)'],
    [{ ...credentials, BANGUI_ADMIN_USERNAME: 'a\nb' }, 'BANGUI_ADMIN_USERNAME is "a\\nb"'],
    [{ BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASSWORD_FILE: '/nowhere' }, 'cannot be read'],
    [{ BANGUI_SECRET_KEY: 'too short to be a key' }, 'BANGUI_SECRET_KEY is (hidden)'],
    [{ BANGUI_SECRET_KEY_FILE: '/run/secret' }, 'a key of at least 32 characters'],
    [{ ...credentials, BANGUI_ADMIN_PASSWORD_FILE: '/run/secret' }, 'are both set'],
    [{ BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASWORD: 'correct horse' }, 'Did you mean'],
    [{ BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASWORD_FILE: '/run/secret' }, 'Did you mean'],
    [{ BANGUI_PUBLIC_URL: 'https://x.example/bans', BANGUI_BASE_PATH: 'a b' }, 'BANGUI_BASE_PATH is "a b"'],
    [{ BANGUI_PUBLIC_URL: 'https://x.example/bans', BANGUI_BASEPATH: '/bans' }, 'Did you mean'],
  ])('%j is told in one line, without what would only follow from it', (env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(problem)])
  })

  it('does not hide the others', () => {
    const problems = problemsOf({ BANGUI_PORT: 'x', BANGUI_LOG_LEVEL: 'y', BANGUI_PROT: '1' })
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'BANGUI_PROT',
      'BANGUI_PORT',
      'BANGUI_LOG_LEVEL',
    ])
  })
})

describe('what does not fit together', () => {
  it('is half of the administrator', () => {
    expect(problemsOf({ BANGUI_ADMIN_USERNAME: 'ada' })).toEqual([
      'BANGUI_ADMIN_USERNAME is set without BANGUI_ADMIN_PASSWORD. Set both, or neither.',
    ])
  })

  it('is a public address under another path than the base path', () => {
    expect(problemsOf({ BANGUI_PUBLIC_URL: 'https://example.org/bans' })[0]).toContain('Make them the same')
  })

  it('is a secret given twice', () => {
    const env = { ...credentials, BANGUI_ADMIN_PASSWORD_FILE: '/run/secret' }
    expect(problemsOf(env)[0]).toBe(
      'BANGUI_ADMIN_PASSWORD and BANGUI_ADMIN_PASSWORD_FILE are both set. Keep one of them.',
    )
  })

  it('is the file of a secret that cannot be read', () => {
    const env = { BANGUI_ADMIN_USERNAME: 'ada', BANGUI_ADMIN_PASSWORD_FILE: '/nowhere' }
    expect(problemsOf(env)[0]).toContain(
      'BANGUI_ADMIN_PASSWORD_FILE is "/nowhere", which cannot be read (ENOENT)',
    )
  })
})

describe('an unknown name', () => {
  it.each([
    ['BANGUI_PROT', 'BANGUI_PORT'],
    ['BANGUI_FAIL2BAN_SOCK', 'BANGUI_FAIL2BAN_SOCKET'],
    ['BANGUI_ADMIN_PASWORD_FILE', 'BANGUI_ADMIN_PASSWORD_FILE'],
  ])('%s suggests %s', (name, nearest) => {
    expect(problemsOf({ [name]: '1' })).toEqual([
      `${name} is not a setting of BanGUI. Did you mean ${nearest}?`,
    ])
  })

  it('that resembles nothing suggests nothing', () => {
    expect(problemsOf({ BANGUI_QQQQQQQQQQQQQQQ: '1' })[0]).toContain('Remove it')
  })

  it('of another program is none of our business', () => {
    expect(problemsOf({ BANGLADESH: '1', PORT: 'x' })).toEqual([])
  })
})
