import { createPrivateDaemon, type PrivateDaemon, type PrivateJail } from '@bangui/fail2ban'
import type { TestedFail2ban } from '@bangui/fail2ban/testing'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { bundled, startBangui } from './bangui-process.ts'
import { bannedIn } from './banned-in.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'
import type { OwnLogger } from './own-logger.ts'

export interface BadDayOptions {
  /** lines of fail2ban's own configuration */
  readonly settings?: readonly string[]
  /** @default app and web, for an hour */
  readonly jails?: readonly PrivateJail[]
  /** @default the one that is installed */
  readonly fail2ban?: TestedFail2ban
  /** where fail2ban and BanGUI run @default with the machine's */
  readonly logger?: OwnLogger
  /** changes its configuration before it starts */
  readonly prepare?: (daemon: PrivateDaemon) => Promise<void>
  /** further variables of the environment of both */
  readonly environment?: Readonly<Record<string, string>>
  /** changes the command that starts fail2ban, and nothing else @default as it is */
  readonly startedAs?: (command: readonly string[]) => readonly string[]
}

interface StartOptions {
  /** the user that BanGUI runs as @default this one */
  readonly uid?: number
  /** as in a container of its own: it sees no process of fail2ban. Needs root @default false */
  readonly isApart?: boolean
}

const apart = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--']

const usualJails: readonly PrivateJail[] = ['app', 'web'].map((name) => ({ name, bantime: '1h' }))
const execute = promisify(execFile)
const asUser = (uid: number) => ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']

/** A real fail2ban whose day can be made a bad one, started, and BanGUI on it. */
export async function createBadDay(options: BadDayOptions = {}) {
  const { settings = [], jails = usualJails, logger, environment = {}, prepare } = options
  let startedAs = options.startedAs ?? ((command: readonly string[]) => command)
  const within = logger?.within ?? ((command: readonly string[]) => command)
  await using started = new AsyncDisposableStack()
  const daemon = started.use(await createPrivateDaemon({ ...options.fail2ban, jails }))
  await writeFile(join(daemon.configDir, 'fail2ban.local'), ['[DEFAULT]', ...settings, ''].join('\n'))
  await prepare?.(daemon)
  /** also after a kill, which leaves the socket */
  const startDaemon = async (as = startedAs) => {
    startedAs = as
    const [program = '', ...args] = within(as([...daemon.startCommand.slice(0, -1), '-x', 'start']))
    await execute(program, args, { env: { ...process.env, ...environment } })
  }
  await startDaemon()
  const stack = started.move()
  const start = async ({ uid, isApart = false }: StartOptions = {}) => {
    const program = [...(isApart ? apart : []), ...(uid === undefined ? [] : asUser(uid)), ...bundled]
    const [command = '', ...first] = within(program)
    const env = { ...environmentOf(daemon), ...unattended, ...environment }
    const bangui = stack.use(await startBangui(env, { program: [command, ...first] }))
    const { api, cookie } = await signIn(bangui.url)
    const live = stack.use(watchLive(api))
    const runtime = () => latestRuntime(live)
    await eventually(() => expect(runtime()?.serverStatus).toMatchObject({ online: true }))
    const inForce = async () => (await api.bans.list.query({ limit: 500 })).rows.map((row) => row.address)
    const history = async () => (await api.history.list.query({ limit: 500 })).rows
    const reconcile = () => api.server.runJob.mutate({ name: 'event_reconcile' })
    const download = async (file: string) =>
      (await fetch(`${bangui.url}api/export/${file}`, { headers: { cookie } })).text()
    return { bangui, api, runtime, inForce, history, reconcile, download }
  }
  const ban = (jail: string, ...addresses: string[]) => daemon.ask('set', jail, 'banip', ...addresses)
  const unban = (jail: string, ...addresses: string[]) => daemon.ask('set', jail, 'unbanip', ...addresses)
  const banned = (jail: string) => bannedIn(daemon, jail)
  return {
    daemon,
    startDaemon,
    start,
    ban,
    unban,
    banned,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
