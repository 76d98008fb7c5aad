import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { MANUAL_JAIL } from '@bangui/shared'
import { createRandom, type Random } from '../../src/demo/random.ts'
import { differences } from './compare.ts'
import { listDaemonBans } from './daemon-bans.ts'
import { readRecord, type Calls } from './record.ts'
import { runStep, type JailCourse } from './steps.ts'
import type { World } from './world.ts'
import { zoneNames } from './zones.ts'

/** How long the lists may differ after the last step, in milliseconds. */
const COMPARE_TIMEOUT_MS = 10_000

export interface Courses {
  readonly seed: number
  /** steps of each jail */
  readonly steps: number
  /** restarts of the daemon meanwhile, which hit all jails */
  readonly restarts: number
}

/**
 * Runs a random course of steps in every jail at once, and restarts of the daemon among them. Returns how the lists
 * still differ ten seconds after the last step, with all that was done; empty: they do not.
 */
export async function runCourses(world: World, { seed, steps, restarts }: Courses): Promise<string[]> {
  const calls: Calls = { shell: [], bans: [], undos: [] }
  const courses = world.jails.map((jail, index) => ({
    world,
    jail,
    calls,
    random: createRandom(seed * 1_000 + index),
    log: [] as string[],
    unbans: [],
  }))
  const random = createRandom(seed * 1_000 + world.jails.length)
  const daemonLog: string[] = []
  const running = courses.map(async (course) => {
    for (let step = 0; step < steps; step += 1) await runStep(course)
  })
  await Promise.all([...running, restartNowAndThen(world, { restarts, random, log: daemonLog })])
  const found = await compareAll(courses)
  if (found.length === 0) return []
  return [...found, 'the daemon:', ...daemonLog]
}

/** Restarts the daemon, each time in another zone. */
async function restartNowAndThen(
  { daemon, lock, api, zones, startDaemon }: World,
  { restarts, random, log }: { readonly restarts: number; readonly random: Random; readonly log: string[] },
): Promise<void> {
  for (let restart = 0; restart < restarts; restart += 1) {
    await sleep(random.integer(2_000, 12_000))
    const kind = random.pick(['stop and start', 'by BanGUI', 'crash'])
    const zone = random.pick(zoneNames)
    await lock.write(async () => {
      log.push(`${new Date().toISOString()} restart: ${kind}, in ${zone}`)
      await zones.choose(zone)
      if (kind === 'by BanGUI') {
        await api.server.restart.mutate()
        return zones.started()
      }
      if (kind === 'crash') await daemon.kill('SIGKILL')
      else await daemon.stop()
      return startDaemon()
    })
  }
}

async function compareAll(courses: readonly JailCourse[]): Promise<string[]> {
  const end = Date.now() + COMPARE_TIMEOUT_MS
  const log = courses.flatMap((course) => course.log.map((text) => `${course.jail} ${text}`))
  const all = [...courses, ...courses.slice(0, 1).map((course) => ({ ...course, jail: MANUAL_JAIL, log }))]
  for (;;) {
    const found = (await Promise.all(all.map(compareJail))).flat()
    if (found.length === 0 || Date.now() > end) return found
    await sleep(250)
  }
}

async function compareJail({ world, jail, calls, log }: JailCourse): Promise<string[]> {
  const record = await readRecord(world.daemon.logfile, calls, world.zones)
  const listed = await listDaemonBans(world, jail)
  const { rows } = await world.api.bans.list.query({ jail, limit: 500 })
  const found = differences(listed, rows, record)
  const history = await world.api.history.list.query({ jail, limit: 500 })
  for (const [address, all] of Map.groupBy(history.rows, (row) => row.address)) {
    const count = record.count(jail, address)
    if (all.length > count) found.push(`${address} was banned ${count} times, in BanGUI ${all.length} times`)
  }
  if (found.length === 0) return []
  const told = history.rows.map((row) => JSON.stringify(row))
  const asked = [...calls.bans, ...calls.undos].filter((call) => call.jail === jail)
  const logged = (await readFile(world.daemon.logfile, 'utf8'))
    .split('\n')
    .filter((line) => line.includes(`[${jail}]`) && /ban /i.test(line))
  const all = [...log, ...told, ...asked.map((call) => JSON.stringify(call)), ...logged]
  return [`${jail}: ${found.join('; ')}`, ...all.map((text) => `  ${text}`)]
}
