import { sleep } from '@bangui/async'
import type { DaemonConnection } from '@bangui/fail2ban'
import { timed } from './numbers.ts'

/** Addresses that a bare client sends at once: the batches of BanGUI, which finds out how quick the daemon is. */
const BATCHES = { first: 10, most: 50 }

/** How long the work took, what it returned, and how long each ping of the daemon took meanwhile; milliseconds. */
export async function whilePinging<TResult>(client: DaemonConnection, work: () => Promise<TResult>) {
  const pings: number[] = []
  const over = new AbortController()
  const pinging = (async () => {
    while (!over.signal.aborted) {
      pings.push(await timed(() => client.request(['ping'], { deadline: 60_000 })))
      await sleep(10)
    }
  })()
  const begun = performance.now()
  const result = await work().finally(() => over.abort())
  const took = performance.now() - begun
  await pinging
  return { took, pings, result }
}

/** Bans as BanGUI does, and does nothing else. */
export async function banBarely(
  connection: DaemonConnection,
  jail: string,
  addresses: readonly string[],
): Promise<void> {
  let size = BATCHES.first
  for (let done = 0; done < addresses.length; done += size) {
    if (done > 0) size = Math.min(BATCHES.most, size * 2)
    const batch = addresses.slice(done, done + size)
    await connection.request(['set', jail, 'banip', ...batch], { deadline: 60_000, write: true })
  }
}
