import type { HostEvent } from '@bangui/shared'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createUnbanSettler, STOP_PAUSE, type Told } from './settle-unbans.ts'

const jails = ['app', 'web'] as const
type Jail = (typeof jails)[number]

type Untimed<TTold> = TTold extends unknown ? Omit<TTold, 'at'> : never

/** A fail2ban that logs, and knows which of its unbans ended a ban. */
function createDaemon() {
  const lines: Told[] = []
  const ended: string[] = []
  const bans = new Map<Jail, Set<string>>(jails.map((jail) => [jail, new Set()]))
  const running = new Set<Jail>(jails)
  let isUp = true
  let now = Date.UTC(2026, 0, 1)
  const log = (told: Untimed<Told>) => void lines.push({ ...told, at: (now += 10) })
  const bansOf = (jail: Jail) => bans.get(jail) ?? new Set()
  const letGo = (jail: Jail) => {
    for (const address of bansOf(jail)) log({ type: 'unban', jail, address })
    log({ type: 'jail', jail, change: 'stopped' })
    running.delete(jail)
  }
  const begin = (jail: Jail) => {
    log({ type: 'jail', jail, change: 'started' })
    running.add(jail)
    for (const address of bansOf(jail)) log({ type: 'ban', jail, address, restored: true })
  }
  return {
    lines,
    ended,
    running: () => new Set<string>(isUp ? running : []),
    ban(jail: Jail, n: number) {
      const address = `45.0.0.${n}`
      if (!isUp || !running.has(jail) || bansOf(jail).has(address)) return
      bansOf(jail).add(address)
      log({ type: 'ban', jail, address, restored: false })
    },
    unban(jail: Jail, n: number) {
      const address = `45.0.0.${n}`
      if (!isUp || !running.has(jail) || !bansOf(jail).delete(address)) return
      log({ type: 'unban', jail, address })
      ended.push(`${jail} ${address} ${now}`)
    },
    failure(jail: Jail, n: number) {
      if (isUp && running.has(jail)) log({ type: 'failure', jail, address: `45.0.0.${n}`, failedAt: now })
    },
    stopJail(jail: Jail, n: number) {
      if (!isUp || !running.has(jail)) return
      // one that has an action which flushes says so; of another, only the pause before tells
      if (n % 2 === 0) log({ type: 'flush', jail })
      else now += STOP_PAUSE + 1_000
      letGo(jail)
    },
    startJail: (jail: Jail) => void (isUp && !running.has(jail) && begin(jail)),
    stop() {
      if (!isUp) return
      log({ type: 'shutdown' })
      for (const jail of running) letGo(jail)
      log({ type: 'daemon', online: false, version: null, pid: 7 })
      isUp = false
    },
    kill() {
      // what it had just ended may be taken for let go: that is for the comparison after its return
      now += STOP_PAUSE + 1_000
      if (isUp) log({ type: 'failure', jail: 'app', address: '45.9.9.9', failedAt: now })
      isUp = false
      running.clear()
    },
    start() {
      if (isUp) return
      isUp = true
      log({ type: 'daemon', online: true, version: '1.0.2', pid: 7 })
      for (const jail of jails) begin(jail)
    },
  }
}

type Daemon = ReturnType<typeof createDaemon>

/** What reads the log, asks the daemon, and can be ended anywhere. */
function createReading(daemon: Daemon) {
  let settler = createUnbanSettler()
  let fed = 0
  let question: { mark: number; jails: Set<string> | null; written: number } | null = null
  const told: HostEvent[] = []
  const feed = (count: number) => {
    for (const line of daemon.lines.slice(fed, fed + count)) settler.push(line)
    fed = Math.min(fed + count, daemon.lines.length)
  }
  return {
    told,
    feed: (_jail: Jail, n: number) => feed(n),
    take: (_jail: Jail, n: number) => void told.push(...settler.take(n)),
    ask() {
      const mark = settler.mark()
      if (fed === daemon.lines.length && mark !== undefined && !question)
        question = { mark, jails: null, written: 0 }
    },
    reply() {
      if (question && !question.jails)
        question = { ...question, jails: daemon.running(), written: daemon.lines.length }
    },
    settle() {
      if (!question?.jails || fed < question.written) return
      settler.answer(question.mark, question.jails)
      question = null
    },
    restart() {
      settler = createUnbanSettler(JSON.parse(JSON.stringify(settler.state())))
      question = null
    },
    finish() {
      feed(daemon.lines.length)
      settler.answer(settler.mark() ?? 0, daemon.running())
      told.push(...settler.take(100_000))
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

it('what ends a ban is told as that, once, and what only stops is not, whoever starts again when', () => {
  fc.assert(
    fc.property(turns, (story) => {
      const daemon = createDaemon()
      const reading = createReading(daemon)
      const actors = { ...daemon, ...reading }
      for (const [turn, jail, n] of story) actors[turn](jail, n)
      reading.finish()
      const unbans = reading.told.flatMap((event) =>
        event.type === 'unban' ? [`${event.jail} ${event.address} ${event.at}`] : [],
      )
      expect(unbans.toSorted()).toEqual(daemon.ended.toSorted())
      const bansOf = (events: readonly Told[]) => events.filter(({ type }) => type === 'ban')
      for (const jail of jails) {
        const isOf = (event: Told) => 'jail' in event && event.jail === jail
        expect(bansOf(reading.told).filter(isOf)).toEqual(bansOf(daemon.lines).filter(isOf))
      }
    }),
    { numRuns: 400 },
  )
}, 60_000)
