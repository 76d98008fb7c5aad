import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createPrivateDaemon,
  createSimulator,
  type DaemonConnection,
  type PrivateDaemon,
  type PrivateJail,
  type Simulator,
  type SimulatedJailOptions,
  writeConfig,
  privatePaths,
} from '@bangui/fail2ban'
import type { BenchContext } from './bench.ts'

/** A jail without any action, for manual bans. */
export const quietJail = (name: string): PrivateJail => ({
  name,
  bantime: -1,
  options: { action: '', ignoreself: 'false' },
})

/** Starts a real fail2ban without a database and nearly without a log: what it writes late would blur the numbers. */
export async function startQuietDaemon(
  context: BenchContext,
  names: readonly string[],
): Promise<PrivateDaemon> {
  const daemon = context.own(await createPrivateDaemon({ jails: names.map(quietJail) }))
  await writeFile(join(daemon.configDir, 'fail2ban.local'), '[DEFAULT]\nloglevel = CRITICAL\ndbfile = None\n')
  await daemon.start()
  return daemon
}

const BATCH = 5_000

/** Bans that many invented addresses, each other than those of another `from`. */
export async function fillBans(
  connection: DaemonConnection,
  jail: string,
  { count, from = 0 }: { count: number; from?: number },
): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    const length = Math.min(BATCH, count - done)
    const addresses = Array.from({ length }, (_, index) => inventedAddress(from + done + index))
    await connection.request(['set', jail, 'banip', ...addresses], { deadline: 60_000, write: true })
  }
}

/** The n-th address: of the network for benchmarks (RFC 2544) as far as it goes, then of 10.0.0.0/8. */
export const inventedAddress = (n: number): string => {
  const [first, second, rest] = n < 131_072 ? [198, 18, n] : [10, 0, n - 131_072]
  return [first, second + (rest >> 16), (rest >> 8) & 255, rest & 255].join('.')
}

/** A folder of its own that goes with the benchmark. */
export async function ownFolder(context: BenchContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'))
  context.own({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) })
  return folder
}

/** Starts a simulated fail2ban and gives the environment of a BanGUI that looks after it. */
export async function startSimulator(
  context: BenchContext,
  jails: readonly SimulatedJailOptions[],
): Promise<{ simulator: Simulator; env: Record<string, string> }> {
  const paths = privatePaths(await ownFolder(context))
  await writeConfig(
    paths,
    jails.map(({ name }) => ({ name })),
  )
  const simulator = context.own(await createSimulator({ socketPath: paths.socketPath, jails }))
  const env = {
    BANGUI_DATA_DIR: join(paths.folder, 'bangui'),
    BANGUI_FAIL2BAN_SOCKET: paths.socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: paths.configDir,
    BANGUI_FAIL2BAN_START_COMMAND: '["false"]',
  }
  return { simulator, env }
}
