import type { HostEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { STOP_PAUSE_MS } from './held-unbans.ts'
import { createUnbanDecider, type LogRecord } from './unban-decider.ts'

const jails = ['app', 'web'] as const
type Jail = (typeof jails)[number]

type Untimed<TTold> = TTold extends unknown ? Omit<TTold, 'at'> : never

/** What a fail2ban has, and its log. */
function createWorld() {
  const lines: LogRecord[] = []
  const bans = new Map<Jail, Set<string>>(jails.map((jail) => [jail, new Set()]))
  return {
    lines,
    /** the unbans that ended a ban */
    ended: [] as string[],
    running: new Set<Jail>(jails),
    isUp: true,
    now: Date.UTC(2026, 0, 1),
    bansOf: (jail: Jail) => bans.get(jail) ?? new Set<string>(),
    log(told: Untimed<LogRecord>) {
      lines.push({ ...told, at: (this.now += 10) })
    },
    runs(jail: Jail) {
      return this.isUp && this.running.has(jail)
    },
  }
}

type World = ReturnType<typeof createWorld>

/** What happens to addresses. */
const createBans = (world: World) => ({
  ban(jail: Jail, n: number) {
    const address = `45.0.0.${n}`
    if (!world.runs(jail) || world.bansOf(jail).has(address)) return
    world.bansOf(jail).add(address)
    world.log({ type: 'ban', jail, address, restored: false })
  },
  unban(jail: Jail, n: number) {
    const address = `45.0.0.${n}`
    if (!world.runs(jail) || !world.bansOf(jail).delete(address)) return
    world.log({ type: 'unban', jail, address })
    world.ended.push(`${jail} ${address} ${world.now}`)
  },
  failure(jail: Jail, n: number) {
    const address = `45.0.0.${n}`
    if (world.runs(jail)) world.log({ type: 'failure', jail, address, failedAt: world.now })
  },
})

/** What happens to jails and to the daemon. */
function createLives(world: World) {
  const suspended = (jail: Jail) => {
    for (const address of world.bansOf(jail)) world.log({ type: 'unban', jail, address })
    world.log({ type: 'jail', jail, change: 'stopped' })
    world.running.delete(jail)
  }
  const begin = (jail: Jail) => {
    world.log({ type: 'jail', jail, change: 'started' })
    world.running.add(jail)
    for (const address of world.bansOf(jail)) world.log({ type: 'ban', jail, address, restored: true })
  }
  return {
    stopJail(jail: Jail, n: number) {
      if (!world.runs(jail)) return
      // one that has an action which flushes says so; of another, only the pause before tells
      if (n % 2 === 0) world.log({ type: 'flush', jail })
      else world.now += STOP_PAUSE_MS + 1_000
      suspended(jail)
    },
    startJail: (jail: Jail) => void (world.isUp && !world.running.has(jail) && begin(jail)),
    stop() {
      if (!world.isUp) return
      world.log({ type: 'shutdown' })
      for (const jail of world.running) suspended(jail)
      world.log({ type: 'daemon', online: false, version: null, pid: 7 })
      world.isUp = false
    },
    kill() {
      // what it had just ended may be taken for suspended: that is for the comparison after its return
      world.now += STOP_PAUSE_MS + 1_000
      if (world.isUp) world.log({ type: 'failure', jail: 'app', address: '45.9.9.9', failedAt: world.now })
      world.isUp = false
      world.running.clear()
    },
    start() {
      if (world.isUp) return
      world.isUp = true
      world.log({ type: 'daemon', online: true, version: '1.0.2', pid: 7 })
      for (const jail of jails) begin(jail)
    },
  }
}

const jailsOf = ({ isUp, running }: World) => new Set<string>(isUp ? running : [])

/** What reads the log, asks the daemon, and can be ended anywhere. */
function createReading(world: World) {
  let decider = createUnbanDecider()
  let fed = 0
  let question: { mark: number; jails: Set<string> | null; written: number } | null = null
  const told: HostEvent[] = []
  const feed = (count: number) => {
    for (const line of world.lines.slice(fed, fed + count)) decider.push(line)
    fed = Math.min(fed + count, world.lines.length)
  }
  return {
    told,
    feed: (_jail: Jail, n: number) => feed(n),
    take: (_jail: Jail, n: number) => void told.push(...decider.take(n)),
    ask() {
      const mark = decider.heldEnd()
      if (fed === world.lines.length && mark !== undefined && !question)
        question = { mark, jails: null, written: 0 }
    },
    reply() {
      if (question && !question.jails)
        question = { ...question, jails: jailsOf(world), written: world.lines.length }
    },
    settle() {
      if (!question?.jails || fed < question.written) return
      decider.decide(question.mark, question.jails)
      question = null
    },
    restart() {
      decider = createUnbanDecider(JSON.parse(JSON.stringify(decider.state())))
      question = null
    },
    finish() {
      feed(world.lines.length)
      decider.decide(decider.heldEnd() ?? 0, jailsOf(world))
      told.push(...decider.take(100_000))
    },
  }
}

const turns = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...(['ban', 'ban', 'unban', 'failure', 'stopJail', 'startJail', 'stop', 'start', 'kill'] as const),
      ...(['feed', 'feed', 'take', 'ask', 'reply', 'settle', 'restart'] as const),
    ),
    fc.constantFrom(...jails),
    fc.nat(5),
  ),
  { maxLength: 60 },
)

const unbannedBeforeStop: ['ban' | 'unban' | 'stop', Jail, number][] = [
  ['ban', 'web', 4],
  ['unban', 'web', 4],
  ['stop', 'app', 0],
]

it('an unban is emitted once where it ended a ban, and as suspended where its jail or the daemon stopped', () => {
  fc.assert(
    fc.property(turns, (story) => {
      const world = createWorld()
      const reading = createReading(world)
      const actors = { ...createBans(world), ...createLives(world), ...reading }
      for (const [turn, jail, n] of story) actors[turn](jail, n)
      reading.finish()
      const unbans = reading.told.flatMap((event) =>
        event.type === 'unban' ? [`${event.jail} ${event.address} ${event.at}`] : [],
      )
      expect(unbans.toSorted()).toEqual(world.ended.toSorted())
      const bansOf = (events: readonly LogRecord[]) => events.filter(({ type }) => type === 'ban')
      for (const jail of jails) {
        const isOf = (event: LogRecord) => 'jail' in event && event.jail === jail
        expect(bansOf(reading.told).filter(isOf)).toEqual(bansOf(world.lines).filter(isOf))
      }
    }),
    { numRuns: 400, examples: [[unbannedBeforeStop]] },
  )
})
