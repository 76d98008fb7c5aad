import { nextTurn, stepsOf } from '@bangui/async'
import { parseAddress, type Address } from '@bangui/shared'
import { listBannedWithTime, unbanAddresses } from '../ban-commands.ts'
import { dateBan, mapInChunks, parseBanLine } from '../ban-list.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { observeListed, type FindBanTimes } from '../daemon-time/observe-bans.ts'
import { listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import type { BatchStep, BatchUnbanned, UnbanOptions } from '../models/ban-models.ts'
import type { BanVerbs } from '../verbs/bans.ts'
import { CommandError } from '../wire/encode-command.ts'
import { createBanBatch } from './ban-batch.ts'
import { createPace, MAX_BATCH, sendInBatches, type Pace } from './batches.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import type { HostLock } from './host-lock.ts'
import type { BansRestored } from './bans-restored.ts'
import { canonicalOnly, usableOnly } from './canonical-addresses.ts'
import { inJail, inRunningJail } from './in-jail.ts'
import { readBannedOf, sendBatch } from './retry-unknown-outcome.ts'
import { unbanNames } from './unban-names.ts'
import { unbanNetworks } from './unban-networks.ts'

export interface BanVerbsOptions {
  readonly lock: HostLock
  readonly restored: BansRestored
  readonly findBanTimes: FindBanTimes
}

/** Creates the verbs about bans. A change of the host waits for the batch under way, and the next batch for the change. */
export function createBanVerbs(
  context: LocalHostContext,
  { lock, restored, findBanTimes }: BanVerbsOptions,
): BanVerbs {
  const { connection } = context
  const pace = createPace()
  const banBatch = createBanBatch(context, restored)
  return {
    ban: async (jail, addresses, options) => {
      const texts = usableOnly(addresses)
      if (texts.length > MAX_BATCH || texts.length < addresses.length)
        throw new CommandError(`A batch has at most ${MAX_BATCH} addresses, each once.`)
      return inJail(jail, () => lock.batch(() => banBatch({ ...options, jail, addresses: texts })))
    },
    unban: (jail, addresses, given = {}) =>
      stepsOf(async (emit, left) => {
        const options = { ...given, signal: either(given.signal, left) }
        const onStep = waiting(emit)
        const request = { jail, addresses: [...new Set(addresses)], lock, pace, restored, onStep }
        if (jail === null) return unban(context, request, options)
        return inJail(jail, () => unban(context, request, options))
      }),
    list: (jail) =>
      inRunningJail(connection, jail, async () => {
        const lines = await listBannedWithTime(connection, jail)
        const now = context.clock()
        const listed = await mapInChunks(lines, parseBanLine)
        const clock = await context.clocks.createForNow()
        const began = await observeListed(clock, { jail, listed, now }, findBanTimes)
        const bans = await mapInChunks(listed, (each) =>
          dateBan(each, clock, { now, began: began.get(each) }),
        )
        const isTest = await context.proofs.open()
        return bans.filter(({ address, bannedAt }) => !isTest(jail, address, bannedAt))
      }),
    async count() {
      const [version, jails] = await Promise.all([
        readVersion(connection, deadlines.read),
        listRunningJails(connection, deadlines.read),
      ])
      const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
      const counts = await readJailCounts(connection, jails, options)
      return [...counts].map(([name, { currentlyBanned }]) => [name, currentlyBanned] as const)
    },
  }
}

/** A list stops also where nobody reads its steps any more, as where a wire was cut. */
const either = (given: AbortSignal | undefined, left: AbortSignal) =>
  given ? AbortSignal.any([given, left]) : left

/** Whoever reads a step has its turn before the next batch, and may give up. */
const waiting = (emit: (step: BatchStep) => void) => (step: BatchStep) => {
  emit(step)
  return nextTurn()
}

interface BatchRequest {
  readonly jail: string | null
  readonly addresses: readonly string[]
  readonly lock: HostLock
  readonly pace: Pace
  readonly restored: BansRestored
  readonly onStep: (step: BatchStep) => Promise<void>
}

async function unban(
  context: LocalHostContext,
  { jail, addresses, lock, pace, restored, onStep }: BatchRequest,
  options: UnbanOptions,
): Promise<BatchUnbanned> {
  const goesByName = (text: string) =>
    parseAddress(text) === undefined || (options.exactly === true && text.includes('/'))
  const names = addresses.filter(goesByName)
  const parsed = canonicalOnly(addresses.filter((text) => !goesByName(text)))
  const isNetwork = ({ text }: Address) => text.includes('/')
  const networks = parsed.filter(isNetwork)
  const plain = parsed.filter((address) => !isNetwork(address)).map(({ text }) => text)
  const total = { unbanned: 0, absent: 0 }
  const write = (batch: readonly string[]) => unbanAddresses(context.connection, jail, batch)
  const send = async (batch: readonly string[]) => {
    // over all jails, the count does not show which of the addresses were banned
    const there =
      jail === null ? (await restored.whenRestored(() => readBannedOf(context, jail, batch))).size : null
    const count = await sendBatch(context, { jail, addresses: batch, wanted: 'unbanned', restored, write })
    total.unbanned += count
    total.absent += Math.max(0, batch.length - (there ?? count))
  }
  let done = await sendInBatches(plain, { ...options, lock, pace, ahead: true, send, onStep })
  const add = (rest: UnbannedRest, count: number) => {
    total.unbanned += rest.unbanned
    total.absent += rest.absent
    if (rest.isComplete) done += count
    void onStep({ sent: done, done })
  }
  const isOn = (count: number) => count > 0 && options.signal?.aborted !== true
  if (isOn(networks.length))
    add(await unbanNetworks(context, { jail, networks, lock, restored }, options), networks.length)
  if (isOn(names.length))
    add(await unbanNames(context, { jail, names, lock, restored }, options), names.length)
  return { ...total, done }
}

type UnbannedRest = Awaited<ReturnType<typeof unbanNetworks>>
