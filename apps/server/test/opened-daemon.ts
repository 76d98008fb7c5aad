import { chmod, chown, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPrivateDaemon, type PrivateDaemon, type PrivateDaemonOptions } from '@bangui/fail2ban'

/** The user and group that stand for an ordinary user where the tests run as root. */
const ORDINARY_USER = 65_534
const isRoot = process.getuid?.() === 0

export interface OpenedDaemon extends AsyncDisposable {
  readonly daemon: PrivateDaemon
  /** the user who may use it; undefined: who runs the tests, who is an ordinary one */
  readonly uid?: number
  /** variables for a BanGUI of this user */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Starts a daemon of root that is opened to an ordinary user as the README describes it: its socket, its log and a
 * writable `jail.d`, not its database, and a command that starts it. Where the tests run as an ordinary user, the daemon
 * is that user's own.
 */
export async function startOpenedDaemon(options: PrivateDaemonOptions): Promise<OpenedDaemon> {
  await using opened = new AsyncDisposableStack()
  const daemon = opened.use(await createPrivateDaemon(options))
  if (!isRoot) {
    await daemon.start()
    const stack = opened.move()
    return { daemon, environment: {}, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }
  const dataDir = join(daemon.folder, 'bangui')
  await mkdir(dataDir, { mode: 0o700 })
  await writeFile(daemon.logfile, '')
  await chmod(daemon.logfile, 0o640)
  for (const path of [dataDir, daemon.logfile, join(daemon.configDir, 'jail.d')]) {
    await chown(path, path === daemon.logfile ? 0 : ORDINARY_USER, ORDINARY_USER)
  }
  await chmod(daemon.folder, 0o711)
  const starter = opened.use(await listenForStarts(daemon))
  await startAndOpen(daemon)
  const stack = opened.move()
  return {
    daemon,
    uid: ORDINARY_USER,
    environment: { BANGUI_FAIL2BAN_START_COMMAND: JSON.stringify(starter.command) },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** fail2ban makes its socket anew at every start, for root alone. */
async function startAndOpen(daemon: PrivateDaemon): Promise<void> {
  await daemon.start()
  await chown(daemon.socketPath, 0, ORDINARY_USER)
  await chmod(daemon.socketPath, 0o660)
}

/** Starts the daemon for one who may not do it, as sudo or polkit would on a machine of its own. */
async function listenForStarts(daemon: PrivateDaemon) {
  const path = join(daemon.folder, 'starter.sock')
  const server = createServer((socket) => {
    // whoever asked may be gone before the answer
    socket.on('error', () => undefined)
    const answer = (failure: string) => void socket.end(failure)
    startAndOpen(daemon).then(
      () => answer(''),
      (error: unknown) => answer(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  await chmod(path, 0o666)
  const script = fileURLToPath(new URL('children/ask-to-start.ts', import.meta.url))
  return {
    command: [process.execPath, script, path],
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
