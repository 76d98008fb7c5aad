import { MANUAL_JAIL } from '@bangui/shared'
import { TRPCClientError } from '@trpc/client'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../src/demo/random.ts'
import { accountOf, differences } from './compare.ts'
import { listDaemonBans, runningJails } from './daemon-bans.ts'
import { readRecord, type Calls, type RecordedBan } from './record.ts'
import { configured, type World } from './world.ts'

/** A jail with its own record and course of steps. */
export interface JailCourse {
  readonly world: World
  readonly jail: string
  readonly calls: Calls
  /** unbans by BanGUI that were not undone, oldest first */
  readonly unbans: Unban[]
  readonly random: Random
  /** what was done, for a failure's message */
  readonly log: string[]
}

interface Unban {
  readonly id: string
  readonly jail: string
  readonly address: string
  /** the ban as it was */
  readonly before: RecordedBan
}

/** How long BanGUI may take to know of a ban, in milliseconds. */
const KNOWN_WITHIN_MS = 10_000

interface Step {
  readonly weight: number
  readonly name: string
  run(course: JailCourse): Promise<string>
}

/** Addresses that a jail's steps are about: few, so that the steps meet. */
const addressesOf = (jail: string): readonly [string, string, string] => {
  const index = Number(jail.slice('jail'.length))
  return [`45.${index}.1.1`, `45.${index}.2.2`, `2a01:${index + 1}::1`]
}

const pick = ({ jail, random }: JailCourse) => random.pick(addressesOf(jail))

/** Sends a command as somebody at a shell does. Undefined: the jail does not run. */
async function command({ world, jail }: JailCourse, args: readonly string[]): Promise<unknown> {
  try {
    return await world.connection.request(['set', jail, ...args], { write: true })
  } catch (error) {
    if (error instanceof Error && /jail/.test(error.message)) return undefined
    throw error
  }
}

const steps: readonly [Step, ...Step[]] = [
  {
    weight: 5,
    name: 'banip',
    run: async (course) => {
      const address = pick(course)
      course.calls.shell.push({ jail: course.jail, address, from: Date.now() })
      return `${address}: ${String(await command(course, ['banip', address]))}`
    },
  },
  { weight: 3, name: 'failures', run: failUntilBanned },
  { weight: 5, name: 'ban by BanGUI', run: banByBangui },
  {
    weight: 3,
    name: 'unbanip',
    run: async (course) => {
      const address = pick(course)
      return `${address}: ${String(await command(course, ['unbanip', address]))}`
    },
  },
  { weight: 4, name: 'unban by BanGUI', run: unbanByBangui },
  { weight: 5, name: 'undo', run: undoByBangui },
  {
    weight: 4,
    name: 'set bantime',
    run: async (course) => {
      const bantime = course.random.pick([2, 3, 20, 600, 3_600, -1])
      return String(await command(course, ['bantime', String(bantime)]))
    },
  },
  {
    weight: 2,
    name: 'tune by BanGUI',
    run: ({ world, jail, random }) =>
      refusable(async () => {
        const bantime = random.pick([3, 30, 600, 7_200, -1])
        await world.api.jails.update.mutate({ name: jail, bantime })
        return String(bantime)
      }),
  },
  { weight: 1, name: 'stop', run: ({ world, jail }) => client(world, 'stop', jail) },
  { weight: 2, name: 'start', run: ({ world, jail }) => client(world, 'reload', '--if-exists', jail) },
  { weight: 1, name: 'restart', run: ({ world, jail }) => client(world, 'reload', '--restart', jail) },
  { weight: 1, name: 'restart --unban', run: ({ world, jail }) => client(world, 'reload', '--unban', jail) },
  {
    weight: 1,
    name: 'stop by BanGUI',
    run: ({ world, jail }) =>
      refusable(async () => String((await world.api.jails.stop.mutate({ name: jail })).applied)),
  },
  {
    weight: 1,
    name: 'start by BanGUI',
    run: ({ world, jail }) =>
      refusable(async () => String((await world.api.jails.start.mutate({ name: jail })).applied)),
  },
  {
    weight: 2,
    name: 'pause',
    run: async ({ random }) => {
      const milliseconds = random.integer(500, 4_000)
      await sleep(milliseconds)
      return `${milliseconds} ms`
    },
  },
]

const client = async ({ daemon }: World, ...args: readonly string[]) =>
  (await daemon.client(...args)).output.trim().slice(0, 80)

/** Does what BanGUI may refuse, such as a second change at once: then nothing was done. */
async function refusable(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    const { reason } = (error.data ?? {}) as { reason?: string }
    const expected = [
      'busy',
      'daemon_refused',
      'config_refused',
      'jail_not_running',
      'jail_unknown',
      'manual_jail_missing',
    ]
    if (reason === undefined || !expected.includes(reason)) throw error
    return `refused: ${reason}`
  }
}

async function banByBangui(course: JailCourse): Promise<string> {
  const { jail, random, calls, world } = course
  const address = pick(course)
  const duration = random.pick([undefined, undefined, 5, 8, 60, 90_000])
  await untilKnown(course, jail, address)
  return refusable(async () => {
    const from = Date.now()
    const { bantime } = await world.api.jails.tuning.query({ name: jail })
    const result = await world.api.bans.ban.mutate({ jail, addresses: [address], duration })
    const ownDuration = duration === undefined || duration === bantime ? null : duration
    calls.bans.push({
      jail: result.jail,
      address,
      from,
      to: Date.now(),
      isNew: result.banned === 1,
      ownDuration,
    })
    return `${address} for ${duration ?? 'as long as the jail does'}: ${result.banned} in ${result.jail}`
  })
}

/**
 * Waits until BanGUI has a ban of an address as fail2ban has it: two who ban the same within the same moment may be taken
 * for each other, and an undo restores what BanGUI knew. Returns whether BanGUI has it.
 */
async function untilKnown({ world, calls }: JailCourse, jail: string, address: string): Promise<boolean> {
  const end = Date.now() + KNOWN_WITHIN_MS
  const isMeant = (ban: { readonly address: string }) => ban.address === address
  while (Date.now() < end) {
    const { rows } = await world.api.bans.list.query({ jail, limit: 500 })
    const listed = await listDaemonBans(world, jail)
    const record = await readRecord(world.daemon.logfile, calls, world.zones)
    const found = differences(listed.filter(isMeant), rows.filter(isMeant), record)
    if (found.length === 0 && record.isLogged(jail, address)) return true
    await sleep(100)
  }
  return false
}

async function unbanByBangui(course: JailCourse): Promise<string> {
  const { world, unbans, random } = course
  const [jail, address] = random.pick([[course.jail, pick(course)], ...(await listBanned(course))])
  const isKnown = await untilKnown(course, jail, address)
  return refusable(async () => {
    const before = await recordOf(course, jail, address)
    const id = randomUUID()
    const { unbanned } = await world.api.bans.unban.mutate({ addresses: [address], jail, operationId: id })
    if (unbanned === 1 && isKnown && before !== undefined) unbans.push({ id, jail, address, before })
    return `${address} in ${jail}: ${unbanned}`
  })
}

/** The addresses of a course that are banned, with their jails. */
async function listBanned({ world, jail }: JailCourse): Promise<[jail: string, address: string][]> {
  const own = addressesOf(jail)
  const jails = [jail, MANUAL_JAIL]
  const lists = await Promise.all(jails.map((name) => listDaemonBans(world, name)))
  return lists.flatMap((bans, index) =>
    bans.flatMap(({ address }): [string, string][] =>
      own.includes(address) ? [[jails[index] ?? jail, address]] : [],
    ),
  )
}

/** What a ban is by the test's own record, with its end as fail2ban has it or BanGUI was to bring it. */
async function recordOf(
  { world, calls }: JailCourse,
  jail: string,
  address: string,
): Promise<RecordedBan | undefined> {
  const listed = (await listDaemonBans(world, jail)).find((ban) => ban.address === address)
  const { rows } = await world.api.bans.list.query({ jail, limit: 500 })
  const shown = rows.find((ban) => ban.address === address)
  if (listed === undefined || shown === undefined) return undefined
  const record = await readRecord(world.daemon.logfile, calls, world.zones)
  const { by, began, ownEnd } = accountOf(listed, shown, record)
  const { until } = listed
  const isOwn = ownEnd !== null && (until === null || ownEnd.to < until)
  const end = until === null ? null : { from: until, to: until }
  return { by, began: began ?? listed.since, ownEnd: isOwn ? ownEnd : end }
}

/** Undoes the last unban, of one where there was none before. */
async function undoByBangui(course: JailCourse): Promise<string> {
  const { world, unbans, calls } = course
  if (unbans.length === 0) await unbanByBangui(course)
  const unban = unbans.pop()
  if (unban === undefined) return 'nothing to undo'
  const { id, jail, address, before } = unban
  await untilKnown(course, jail, address)
  return refusable(async () => {
    const from = Date.now()
    const { restored, over, already, shortened, moved } = await world.api.operations.undo.mutate({ id })
    const where = moved?.[0]?.jail ?? jail
    if (restored === 1) {
      const ownEnd = shortened.length > 0 ? null : before.ownEnd
      calls.undos.push({ jail: where, address, from, to: Date.now(), before: { ...before, ownEnd } })
    }
    const counts = `${restored} restored, ${over} over, ${already} already, ${shortened.length} shortened`
    return `${address} in ${where}: ${counts}`
  })
}

/** Fails as often as fail2ban bans for; a jail that does not run would find it when it runs again. */
async function failUntilBanned(course: JailCourse): Promise<string> {
  const { jail, world } = course
  const address = pick(course)
  if (!(await runningJails(world)).includes(jail)) return 'the jail does not run'
  const line = `${world.zones.toLocal(Date.now())} host app[1]: Failed login for root from ${address}`
  for (let count = 0; count < configured.maxretry; count += 1) await world.daemon.writeLog(jail, line)
  return address
}

/** Runs the next step of a jail. */
export async function runStep(course: JailCourse): Promise<void> {
  const step = course.random.weighted(steps)
  const pause = course.random.pick([0, 0, 200, 700, 1_500])
  await course.world.lock.read(async () => {
    const began = new Date().toISOString()
    const result = await step.run(course).catch((cause: unknown) => {
      const done = [...course.log, `${began} ${step.name}`].join('\n  ')
      throw new Error(`A step in ${course.jail} failed:\n  ${done}`, { cause })
    })
    course.log.push(`${began} ${step.name}: ${result}`)
  })
  await sleep(pause)
}
