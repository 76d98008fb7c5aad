import { describe, expect, it } from 'vitest'
import { choosePoints, createCrash, type CrashPoint } from './crash-points/crash.ts'
import { createWorld, JAIL } from './crash-points/world.ts'
import { eventually } from './eventually.ts'

/** Addresses of a kind: banned by fail2ban before, banned by somebody else before, or new. */
const listOf = (kind: 1 | 2 | 3, count: number) =>
  Array.from({ length: count }, (_, index) => `45.${kind}.0.${index + 1}`)
const failed = listOf(1, 3)
const others = listOf(2, 3)
const fresh = listOf(3, 230)

const OTHERS_SECONDS = 1_200
const ASKED_SECONDS = 600
/** fail2ban logs whole bans a moment after they were asked for, and rounds. */
const TOLERANCE_MS = 3_000
const ROUNDING_MS = 1_000

/** Bans many addresses for ten minutes, with a crash at a point, and starts BanGUI again on the same fail2ban. */
async function runTo(point: CrashPoint | null) {
  await using world = await createWorld()
  const { simulator } = world
  for (const address of failed) for (let time = 0; time < 3; time += 1) simulator.addFailure(JAIL, address)
  const first = await world.start()
  await first.as('Grace').bans.ban({ jail: JAIL, addresses: others, duration: OTHERS_SECONDS })
  await eventually(async () => expect(await first.listActive()).toHaveLength(6))
  const before = await first.listActive()
  const from = Date.now()
  const crash = createCrash(point)
  const addresses = [...failed, ...others, ...fresh]
  await first
    .as('Ada', crash)
    .bans.ban({ jail: JAIL, addresses, duration: ASKED_SECONDS, reason: 'scans', operationId: 'bulk' })
    .catch((error: unknown) => {
      if (!crash.happened) throw error
    })
  const to = Date.now()
  await first.stop()

  const again = await world.start()
  await again.deps.reconcile()
  const banned = new Map(simulator.listBans(JAIL).map((ban) => [ban.address, ban]))
  await eventually(async () => {
    const active = await again.listActive()
    expect(active.map(({ address }) => address).toSorted()).toEqual([...banned.keys()].toSorted())
  })
  await again.deps.reconcile()
  const active = new Map((await again.listActive()).map((ban) => [ban.address, ban]))
  const timers = new Map((await again.listTimers()).map((timer) => [timer.address, timer.endsAt]))
  const record = await again.deps.operations.records.find('bulk')
  await again.stop()
  return {
    crash,
    before: new Map(before.map((ban) => [ban.address, ban])),
    from,
    to,
    active,
    timers,
    banned,
    record,
  }
}

type Outcome = Awaited<ReturnType<typeof runTo>>

const isBetween = (time: number | null | undefined, { from, to }: Outcome, seconds: number) =>
  typeof time === 'number' &&
  time >= from + seconds * 1_000 - TOLERANCE_MS &&
  time <= to + seconds * 1_000 + TOLERANCE_MS

/** Returns what is wrong with the bans after a crash and a new start, in words. */
function problemsOf(outcome: Outcome): string[] {
  const { before, active, timers, banned } = outcome
  const problems: string[] = []
  for (const address of failed) {
    const ban = active.get(address)
    const end = before.get(address)?.until ?? 0
    // fail2ban's list has whole seconds
    if (ban?.by.kind !== 'fail2ban' || Math.abs((ban.until ?? 0) - end) > ROUNDING_MS)
      problems.push(`${address}: by ${ban?.by.kind} ${ban?.by.name} until ${ban?.until}, before until ${end}`)
    if (timers.has(address)) problems.push(`${address}: BanGUI ends the ban of fail2ban`)
  }
  for (const address of others) {
    const ban = active.get(address)
    const timer = timers.get(address)
    if (ban?.by.name !== 'Grace') problems.push(`${address}: by ${ban?.by.name}`)
    const isAsBefore = timer === before.get(address)?.until
    const isAsAsked = isBetween(timer, outcome, ASKED_SECONDS)
    if ((!isAsBefore && !isAsAsked) || ban?.until !== timer)
      problems.push(`${address}: until ${ban?.until}, ended at ${timer}`)
  }
  for (const address of fresh.filter((each) => banned.has(each))) {
    const ban = active.get(address)
    const timer = timers.get(address)
    if (ban?.by.kind !== 'user' || ban.by.name !== 'Ada' || ban.reason !== 'scans')
      problems.push(`${address}: by ${ban?.by.kind} ${ban?.by.name} for ${ban?.reason}`)
    if (!isBetween(timer, outcome, ASKED_SECONDS)) problems.push(`${address}: ended at ${timer}`)
    if (!isBetween(ban?.until, outcome, ASKED_SECONDS)) problems.push(`${address}: until ${ban?.until}`)
  }
  return problems
}

describe('a bulk ban with a custom duration', () => {
  it(
    'leaves every ban with its right end and author, wherever BanGUI crashes',
    { timeout: 600_000 },
    async () => {
      const whole = await runTo(null)
      expect(problemsOf(whole)).toEqual([])
      expect(whole.banned.size).toBe(236)
      expect(whole.record).toMatchObject({ state: 'done' })
      const points = choosePoints(whole.crash.points)
      const found: Record<string, string[]> = {}
      let crashes = 0
      const crashAtNext = async () => {
        for (let point = points.shift(); point !== undefined; point = points.shift()) {
          const outcome = await runTo(point)
          if (outcome.crash.happened) crashes += 1
          const problems = problemsOf(outcome)
          if (problems.length > 0) found[`${point.nth}. ${point.name}`] = problems.slice(0, 4)
        }
      }
      await Promise.all(Array.from({ length: 3 }, crashAtNext))
      expect(found).toEqual({})
      expect(crashes).toBeGreaterThanOrEqual(30)
    },
  )
})
