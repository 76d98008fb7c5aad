import { banAddresses } from '../ban-commands.ts'
import type { BannedBatch, BanOptions } from '../models/ban-models.ts'
import type { BansRestored } from './bans-restored.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { askBannedOf, canAskBanned, listBannedOf, sendBatch } from './retry-unknown-outcome.ts'

/** Addresses to ban in a jail, each once. */
interface Batch extends BanOptions {
  readonly jail: string
  readonly addresses: readonly string[]
}

/** How long the version of the daemon counts as known: asking for it would wait for the batch under way. */
const VERSION_MEMORY_MS = 2_000

/** Prepares banning batches at a daemon. */
export function createBanBatch(
  context: LocalHostContext,
  restored: BansRestored,
): (batch: Batch) => Promise<BannedBatch> {
  const { connection } = context
  let lastAnswer = -Infinity
  let known = { at: -Infinity, canAsk: false }

  const canAsk = async (): Promise<boolean> => {
    if (performance.now() - known.at > VERSION_MEMORY_MS) {
      const answer = await canAskBanned(context)
      known = { at: performance.now(), canAsk: answer }
    }
    return known.canAsk
  }

  /** Returns a look-up in the same write as what follows, where the daemon has one; an older daemon lists its bans first. */
  const lookUp = async (batch: Batch): Promise<() => Promise<ReadonlySet<string>>> => {
    const { jail, addresses, areNew } = batch
    if (areNew) return async () => new Set()
    if (await canAsk()) return () => askBannedOf(context, jail, addresses)
    const listed = await listBannedOf(context, jail, addresses)
    return async () => listed
  }

  return async (batch) => {
    const { jail, addresses } = batch
    const started = performance.now()
    const write = (some: readonly string[]) => banAddresses(connection, jail, some)
    // a look-up that fails keeps nobody from banning: where the connection was lost, what is banned then counts as banned now
    const ask = await lookUp(batch).catch(() => async () => new Set<string>())
    let asked = started
    const noteAnswer = () => {
      asked = performance.now()
    }
    const [before, banned] = await Promise.allSettled([
      ask().finally(noteAnswer),
      sendBatch(context, { jail, addresses, wanted: 'banned', restored, write }),
    ])
    if (banned.status === 'rejected') throw banned.reason
    const now = performance.now()
    // the look-up shows how long next to nothing takes: on a busy machine most of the time, however few the bans are
    const overhead = Math.max(0, asked - Math.max(started, lastAnswer))
    const tookMs = Math.max(0, now - Math.max(asked, lastAnswer) - overhead)
    lastAnswer = now
    known = { ...known, at: now }
    const there = before.status === 'fulfilled' ? before.value : new Set<string>()
    return { before: addresses.map((address) => there.has(address)), banned: banned.value, tookMs }
  }
}
