import { isHostName, isJailName, isWholeFamily, parseAddress, type Address } from '@bangui/shared'
import { banAddresses, listBannedWithTime, readIgnored, unbanAddresses } from '../ban-commands.ts'
import { dateBan, mapInChunks, parseBanLine } from '../ban-list.ts'
import { nameOfBan } from '../ban-name.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { observeListed, type FindBanTimes } from '../daemon-time/observe-bans.ts'
import { isUnknownJail, listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import type { DaemonConnection } from '../connection.ts'
import { listBantimes } from '../tuning-commands.ts'
import { JailUnknownError } from '../errors.ts'
import type { BatchOptions, JailIgnoreList, UnbanOptions } from '../host-models.ts'
import type { Fail2banHost } from '../host.ts'
import { CommandError } from '../wire/encode-command.ts'
import { createPace, sendInBatches, type Pace } from './batches.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import type { HostLock } from './host-lock.ts'
import { readIgnoredFile } from './ignore-files.ts'
import { createBansRestored, type BansRestored } from './bans-restored.ts'
import { readBannedOf, sendBatch } from './retry-unknown-outcome.ts'
import { unbanNames } from './unban-names.ts'
import { unbanNetworks } from './unban-networks.ts'

type BanVerbs = Pick<
  Fail2banHost,
  | 'ban'
  | 'unban'
  | 'listJailBans'
  | 'countJailBans'
  | 'listBantimes'
  | 'getIgnoreList'
  | 'listIgnored'
  | 'whenBansRestored'
>

/** Creates the verbs about bans. A change of the host waits for the batch under way, and the next batch for the change. */
export function createBanVerbs(
  context: LocalHostContext,
  lock: HostLock,
  findBanTimes: FindBanTimes,
): BanVerbs {
  const { connection } = context
  const pace = createPace()
  const restored = createBansRestored(context)
  return {
    async ban(jail, addresses, options = {}) {
      const texts = usableOnly(addresses)
      return inJail(jail, () => ban(context, { jail, addresses: texts, lock, pace, restored }, options))
    },
    async unban(jail, addresses, options = {}) {
      const wish = { jail, addresses: [...new Set(addresses)], lock, pace, restored }
      if (jail === null) return unban(context, wish, options)
      return inJail(jail, () => unban(context, wish, options))
    },
    listJailBans: (jail) =>
      inRunningJail(connection, jail, async () => {
        const lines = await listBannedWithTime(connection, jail)
        const now = context.clock()
        const listed = await mapInChunks(lines, parseBanLine)
        const clock = await context.clocks.createForNow()
        const began = await observeListed(clock, { jail, listed, now }, findBanTimes)
        return mapInChunks(listed, (each) => dateBan(each, clock, { now, began: began.get(each) }))
      }),
    whenBansRestored: () => restored.whenRestored(async () => undefined),
    async countJailBans() {
      const [version, jails] = await Promise.all([
        readVersion(connection, deadlines.read),
        listRunningJails(connection, deadlines.read),
      ])
      const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
      const counts = await readJailCounts(connection, jails, options)
      return new Map([...counts].map(([name, { currentlyBanned }]) => [name, currentlyBanned]))
    },
    listBantimes: () => listBantimes(connection),
    getIgnoreList: (jail) => inRunningJail(connection, jail, () => getIgnoreList(context, jail)),
    listIgnored: (jail) =>
      inRunningJail(connection, jail, async () => {
        const { entries, files } = await getIgnoreList(context, jail)
        return [...new Set([...entries, ...files.flatMap(({ addresses }) => addresses)])]
      }),
  }
}

async function getIgnoreList({ connection }: LocalHostContext, jail: string): Promise<JailIgnoreList> {
  const { entries, files } = await readIgnored(connection, jail)
  return { entries: entries.map(nameOfBan), files: await Promise.all(files.map(readIgnoredFile)) }
}

/** Runs work about one jail. @throws JailUnknownError for an invalid name, or a jail that the daemon does not have */
export async function inJail<TResult>(jail: string, work: () => Promise<TResult>): Promise<TResult> {
  if (!isJailName(jail)) throw new JailUnknownError(jail)
  try {
    return await work()
  } catch (error) {
    throw isUnknownJail(error) ? new JailUnknownError(jail) : error
  }
}

/** As {@link inJail}, but lists the jails first: fail2ban logs every command about a jail that it does not have as an ERROR. */
export async function inRunningJail<TResult>(
  connection: DaemonConnection,
  jail: string,
  work: () => Promise<TResult>,
): Promise<TResult> {
  return inJail(jail, async () => {
    const jails = await listRunningJails(connection, deadlines.read)
    if (!jails.includes(jail)) throw new JailUnknownError(jail)
    return work()
  })
}

/** Returns addresses in canonical text, each once. @throws CommandError for any other text: fail2ban would accept it as it is */
export function canonicalOnly(texts: readonly string[]): Address[] {
  const addresses = [...new Set(texts)].map((text) => {
    const address = parseAddress(text)
    if (address?.text !== text) throw new CommandError('That is not an address or network in canonical form.')
    return address
  })
  return addresses
}

/** Returns canonical texts of addresses that fail2ban can ban or ignore, each once. @throws CommandError for anything else */
export function usableOnly(texts: readonly string[]): string[] {
  const addresses = canonicalOnly(texts)
  if (addresses.some(isWholeFamily))
    throw new CommandError('fail2ban takes a network of length 0 for a single address.')
  return addresses.map(({ text }) => text)
}

/** Returns what can be removed from an ignore list: canonical addresses and host names, each once. @throws CommandError for anything else */
export function removableOnly(texts: readonly string[]): string[] {
  const names = [...new Set(texts)].filter((text) => parseAddress(text) === undefined && isHostName(text))
  return [...canonicalOnly(texts.filter((text) => !names.includes(text))).map(({ text }) => text), ...names]
}

interface Wish {
  readonly jail: string | null
  readonly addresses: readonly string[]
  readonly lock: HostLock
  readonly pace: Pace
  readonly restored: BansRestored
}

async function ban(
  context: LocalHostContext,
  { jail, addresses, lock, pace, restored }: Wish & { readonly jail: string },
  options: BatchOptions,
): Promise<{ banned: number; already: number; done: number }> {
  let banned = 0
  const write = (batch: readonly string[]) => banAddresses(context.connection, jail, batch)
  const send = async (batch: readonly string[]) => {
    const count = await sendBatch(context, { jail, addresses: batch, wanted: 'banned', restored, write })
    banned += count
  }
  const done = await sendInBatches(addresses, { ...options, lock, pace, ahead: true, send })
  return { banned, already: Math.max(0, done - banned), done }
}

async function unban(
  context: LocalHostContext,
  { jail, addresses, lock, pace, restored }: Wish,
  options: UnbanOptions,
): Promise<{ unbanned: number; absent: number; done: number }> {
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
  let done = await sendInBatches(plain, { ...options, lock, pace, ahead: true, send })
  const add = (rest: UnbannedRest, count: number) => {
    total.unbanned += rest.unbanned
    total.absent += rest.absent
    if (rest.isComplete) done += count
    options.onProgress?.(done)
  }
  const isOn = (count: number) => count > 0 && options.signal?.aborted !== true
  if (isOn(networks.length))
    add(await unbanNetworks(context, { jail, networks, lock, restored }, options), networks.length)
  if (isOn(names.length))
    add(await unbanNames(context, { jail, names, lock, restored }, options), names.length)
  return { ...total, done }
}

type UnbannedRest = Awaited<ReturnType<typeof unbanNetworks>>
