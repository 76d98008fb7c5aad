import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDaemonConnection, createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import { environmentOf } from '../apps/server/test/daemon-environment.ts'
import { fillBans } from './lib/daemons.ts'

const MOST = 500_000

/** Jails and their share of the bans. */
const shares = { sshd: 0.6, 'nginx-login': 0.2, postfix: 0.15, dovecot: 0.05 }

export interface SeedOptions {
  /** @default a new one in the system's temporary folder */
  readonly folder: string | undefined
  readonly say: (text: string) => void
}

/** Starts a private fail2ban with so many bans, leaves it running, and tells how to use it and how to remove it. */
export async function seed(wanted: string, { folder, say }: SeedOptions): Promise<void> {
  const count = Number(wanted)
  if (!Number.isInteger(count) || count < 1 || count > MOST) {
    process.stderr.write(
      `--seed ${wanted}: a whole number from 1 to ${MOST.toLocaleString('en-US')} is needed.\n`,
    )
    process.exitCode = 2
    return
  }
  const jails = Object.keys(shares).map((name) => ({ name, bantime: '1w' }))
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'bangui-seed-')))
  const daemon = await createPrivateDaemon({ folder: place, jails })
  const undo = async () => {
    await daemon.dispose()
    if (folder === undefined) await rm(place, { recursive: true, force: true })
  }
  const breakOff = () => void undo().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, breakOff)
  try {
    say(`Banning ${count.toLocaleString('en-US')} invented addresses in a private fail2ban in ${place} …`)
    await daemon.start()
    await banAll(daemon, count)
  } catch (error) {
    await undo()
    throw error
  }
  say(howTo(daemon))
}

async function banAll(daemon: PrivateDaemon, count: number): Promise<void> {
  const connection = createDaemonConnection({ socketPath: daemon.socketPath })
  try {
    let from = 0
    const names = Object.entries(shares)
    for (const [index, [name, share]] of names.entries()) {
      const part = index === names.length - 1 ? count - from : Math.floor(count * share)
      await fillBans(connection, name, { count: part, from })
      from += part
    }
  } finally {
    await connection.close()
  }
}

const howTo = (daemon: PrivateDaemon): string => `
It runs; its actions do nothing, and nothing of this machine is touched. To look at it with BanGUI:

${Object.entries(environmentOf(daemon))
  .map(([name, value]) => `  export ${name}=${quote(value)}`)
  .join('\n')}
  npm start -- --no-demo

To ask it yourself:

  ${[daemon.clientProgram, ...daemon.clientArguments, 'status'].map(quote).join(' ')}

To stop it and remove everything (BanGUI first):

  ${[daemon.clientProgram, ...daemon.clientArguments, 'stop'].map(quote).join(' ')}
  rm -r ${quote(daemon.folder)}
`

/** As a shell takes it for one word. */
const quote = (text: string): string =>
  /^[\w./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
