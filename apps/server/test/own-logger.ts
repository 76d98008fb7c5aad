import { execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { eventually } from './eventually.ts'

/** What a machine logs to, in a world of its own: programs that run within it find it where they look for the machine's. */
export interface OwnLogger extends AsyncDisposable {
  /** A command as one that runs within. */
  within(command: readonly string[]): readonly [string, ...string[]]
  /** Runs a command within and gives what it writes. */
  run(...command: readonly string[]): Promise<string>
  /** Its own file, as seen from outside. */
  path(path: string): string
}

/** Another `/run/systemd`, `/run/log`, `/var/log/journal`, `/var/log` and `/dev`, which only what is started in it sees. */
const world = `set -e
mkdir -p /var/log/journal /run/log /run/systemd
mount -t tmpfs tmpfs /mnt
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /mnt
mkdir /mnt/shm /mnt/pts
mount --move /mnt /dev
mount -t tmpfs tmpfs /run/systemd
mount -t tmpfs tmpfs /run/log
mount -t tmpfs tmpfs /var/log
`

const canIsolate =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0

const journald = '/lib/systemd/systemd-journald'

/** Whether this machine can run a journal of its own, and fail2ban can write to it. */
export const hasJournald =
  canIsolate &&
  existsSync(journald) &&
  spawnSync('/usr/bin/python3', ['-c', 'import systemd.journal']).status === 0

/** Whether this machine can run a syslog of its own. */
export const hasRsyslog = canIsolate && existsSync('/usr/sbin/rsyslogd')

/** Starts systemd's journal, which also takes what is written to `/dev/log`. */
export const startJournald = (): Promise<OwnLogger> =>
  startLogger(`mkdir /var/log/journal
ln -s /run/systemd/journal/dev-log /dev/log
exec ${journald}`)

const syslogConfig = `module(load="imuxsock")
*.* action(type="omfile" file="/var/log/syslog")
`

/** Starts a syslog without systemd, which writes to `/var/log/syslog`; the folder of a journal is there, and empty. */
export const startRsyslog = (): Promise<OwnLogger> =>
  startLogger(`mkdir /var/log/journal
printf '%s' '${syslogConfig}' > /run/log/own.conf
exec rsyslogd -n -f /run/log/own.conf -i /run/log/own.pid`)

const execute = promisify(execFile)

async function startLogger(script: string): Promise<OwnLogger> {
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', world + script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const path = (inside: string) => `/proc/${child.pid}/root${inside}`
  const within = (command: readonly string[]) =>
    ['nsenter', '--target', String(child.pid), '--mount', '--', ...command] as const
  const run = async (...command: readonly string[]) => {
    const [program, ...args] = within(command)
    return (await execute(program, args)).stdout
  }
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`The logger ended: ${said}`)
    await run('logger', 'is it there')
  })
  return {
    within,
    run,
    path,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
