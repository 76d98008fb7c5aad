import { chunk, sleep } from '@bangui/async'
import { parseAddress } from '@bangui/shared'
import { banAddresses, listBannedWithTime } from '../ban-commands.ts'
import { dateBan, mapInChunks, parseBanLine } from '../ban-list.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { readJailSummary, readVersion } from '../commands.ts'
import { Fail2banCommandError } from '../errors.ts'
import type { JailBan } from '../models/ban-models.ts'
import { MAX_BATCH } from './batches.ts'
import { listDaemonJails } from './daemon.ts'
import { loadJail, type NarrowLoad } from './load-jail.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'

/** How long no further ban may have come back until the others count as lost: fail2ban restores them beside its work, in milliseconds. */
const RESTORE_PAUSE_MS = 3_000
/** Between two looks at the bans that come back, in milliseconds. */
const LOOK_INTERVAL_MS = 100

/**
 * Stops a jail and loads it as configured: only so does fail2ban load its actions. The bans are lifted for a moment, and come
 * back; those that do not, as where fail2ban has no database, are made again. Errors of the daemon or its tool are returned.
 */
export async function restartJail(context: LocalHostContext, name: string): Promise<NarrowLoad> {
  const before = await listBans(context, name)
  const stopped = await loadJail(context, name, false)
  if (stopped.refused !== null) return stopped
  if ((await listDaemonJails(context)).includes(name))
    return { refused: stopped.output ?? `fail2ban did not stop ${name}.`, output: null }
  const load = await loadJail(context, name, true)
  if (load.refused !== null) return { ...load, endedBans: before }
  const notes = await restoreBans(context, name, before)
  return { refused: null, output: [load.output ?? '', ...notes].filter(Boolean).join('\n') || null }
}

/** The bans of jails that were stopped, and that did not start again. */
export type EndedBans = ReadonlyMap<string, readonly JailBan[]>

/** Makes the bans again of jails that a refused restart has stopped, where the jails run now. Returns sentences about them. */
export async function restoreEndedBans(context: LocalHostContext, ended: EndedBans): Promise<string[]> {
  const notes: string[] = []
  for (const [jail, bans] of ended) {
    if (bans.length === 0) continue
    try {
      const runs = (await listDaemonJails(context)).includes(jail)
      notes.push(
        ...(runs
          ? await restoreBans(context, jail, bans)
          : [`${countBans(bans, jail)} ended when the jail stopped.`]),
      )
    } catch (error) {
      if (!(error instanceof Error)) throw error
      notes.push(`${countBans(bans, jail)} may have ended when the jail stopped: ${error.message}`)
    }
  }
  return notes
}

/** Empty: the jail has gone. */
async function listBans({ connection, clocks, clock }: LocalHostContext, jail: string): Promise<JailBan[]> {
  try {
    const lines = await listBannedWithTime(connection, jail)
    const now = clock()
    const daemonClock = await clocks.createForNow()
    const listed = await mapInChunks(lines, parseBanLine)
    return await mapInChunks(listed, (each) => dateBan(each, daemonClock, { now }))
  } catch (error) {
    if (error instanceof Fail2banCommandError) return []
    throw error
  }
}

/** Waits until the bans of a jail are back, and makes those again that are not. Returns sentences where there are some. */
async function restoreBans(
  context: LocalHostContext,
  jail: string,
  before: readonly JailBan[],
): Promise<string[]> {
  await waitForBans(context, jail, before.length)
  const missing = await listMissing(context, jail, before)
  const [addresses, others] = [missing.filter(isOfAddress), missing.filter((ban) => !isOfAddress(ban))]
  const texts = addresses.flatMap(({ address }) => parseAddress(address)?.text ?? [])
  for (const batch of chunk(texts, MAX_BATCH)) await banAddresses(context.connection, jail, batch)
  const was = (bans: readonly JailBan[]) => (bans.length === 1 ? 'was' : 'were')
  return [
    ...(addresses.length === 0
      ? []
      : [
          `${countBans(addresses, jail)} did not come back with the jail and ${was(addresses)} made again, for the ban time of the jail.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `${countBans(others, jail)} did not come back with the jail and ${was(others)} not made again, because BanGUI bans addresses only.`,
        ]),
  ]
}

/** fail2ban bans whatever a filter captures, which need not be an address. */
const isOfAddress = ({ address }: JailBan) => parseAddress(address) !== undefined

const countBans = ({ length }: readonly JailBan[], jail: string) =>
  length === 1 ? `One ban of ${jail}` : `${length} bans of ${jail}`

/** Waits until a jail has so many bans, or gets no further one. */
async function waitForBans({ connection }: LocalHostContext, jail: string, wanted: number): Promise<void> {
  const capabilities = capabilitiesOf(await readVersion(connection, deadlines.read))
  const count = async () =>
    (await readJailSummary(connection, jail, { capabilities, deadline: deadlines.read })).currentlyBanned
  let there = await count()
  for (let waited = 0; there < wanted && waited < RESTORE_PAUSE_MS;) {
    await sleep(LOOK_INTERVAL_MS)
    const now = await count()
    waited = now > there ? 0 : waited + LOOK_INTERVAL_MS
    there = now
  }
}

/** Returns the bans that have not ended and are not there. */
async function listMissing(
  context: LocalHostContext,
  jail: string,
  before: readonly JailBan[],
): Promise<JailBan[]> {
  if (before.length === 0) return []
  const there = new Set((await listBans(context, jail)).map(({ address }) => address))
  const now = context.clock()
  return before.filter(({ address, until }) => !there.has(address) && (until === null || until > now))
}
