import type { Ban } from '@bangui/shared'
import { readFile } from 'node:fs/promises'
import { configured } from './world.ts'
import type { Zones } from './zones.ts'

/** A request to BanGUI to ban an address, between two moments (epoch milliseconds). */
export interface BanCall {
  readonly jail: string
  readonly address: string
  readonly from: number
  readonly to: number
  /** fail2ban had not banned it before */
  readonly isNew: boolean
  /** seconds after which BanGUI ends the ban; null: fail2ban does */
  readonly ownDuration: number | null
}

type Author = Ban['by']['kind']

/** What the test itself knows of the ban of an address: who made it, and the end that BanGUI was asked to bring. */
export interface RecordedBan {
  /** who it can be said to be by: a ban without failures that BanGUI did not ask for is of somebody unknown */
  readonly by: readonly Author[]
  /** epoch milliseconds, when a ban began that BanGUI put back; null: when fail2ban says */
  readonly began: number | null
  /** epoch milliseconds, the earliest and the latest moment that the end can be; null: fail2ban's own end */
  readonly ownEnd: { readonly from: number; readonly to: number } | null
}

/** A ban that BanGUI put back, between two moments, as it was before the unban. */
export interface UndoCall {
  readonly jail: string
  readonly address: string
  readonly from: number
  readonly to: number
  readonly before: RecordedBan
}

/** What was asked for, oldest first; of all jails. */
export interface Calls {
  /** bans by somebody at a shell */
  readonly shell: Pick<BanCall, 'jail' | 'address' | 'from'>[]
  readonly bans: BanCall[]
  readonly undos: UndoCall[]
}

/** The test's own record: what it asked BanGUI for, and when fail2ban's log says that bans began. */
export interface BanRecord {
  /** What the newest ban may be: one that a killed fail2ban made again is either the ban before or a new one. */
  accounts(jail: string, address: string): [RecordedBan, RecordedBan]
  /** Whether fail2ban has logged the newest ban that BanGUI was asked for; until then its lists may be without it. */
  isLogged(jail: string, address: string): boolean
  /** How many bans of an address fail2ban logged. */
  count(jail: string, address: string): number
}

/** fail2ban logs a ban within so many milliseconds of the call; its times and the test's are of one clock. */
const TOLERANCE = 50

interface LoggedBan {
  /** epoch milliseconds */
  readonly at: number
  /** the line of the ban before was not followed by one of its end */
  readonly isAgain: boolean
  /** who it can be by, where nobody asked BanGUI for it */
  readonly by: readonly Author[]
}

const line =
  /^(\S+ \S+) fail2ban\.(?:actions|filter) +\[(\d+)\].*\[([^\]]+)\] (Ban|Unban|Restore Ban|Found) (\S+)(?: - .*)?$/

/** How long after failures fail2ban bans for them, in milliseconds. */
const BAN_AFTER_FAILURES_MS = 2_000

/** The failures of an address in a jail, as fail2ban logged them. */
class Failures {
  /** since the ban before began or ended: what fail2ban bans for */
  #counting: number[] = []
  #any = false

  found(at: number): void {
    this.#counting.push(at)
    this.#any = true
  }

  forget(): void {
    this.#counting = []
  }

  /** Returns who a ban can be by that began at a time. */
  authors(at: number): readonly Author[] {
    const isCaused =
      this.#counting.length >= configured.maxretry &&
      at - (this.#counting.at(-1) ?? 0) <= BAN_AFTER_FAILURES_MS
    if (isCaused) return ['fail2ban']
    return this.#any ? ['fail2ban', 'unknown'] : ['unknown']
  }
}

type IsAnswered = (call: BanCall | UndoCall, lines: readonly LoggedBan[]) => boolean

/** Both clocks are cut to whole milliseconds. A call may follow another of the same pair within a few. */
const CLOCK_TOLERANCE = 1

const answerTo = ({ from }: Pick<BanCall, 'from'>, lines: readonly LoggedBan[]) =>
  lines.findIndex(({ at }) => at >= from - CLOCK_TOLERANCE)

/** A busy fail2ban logs a ban after its answer; one that a crash lost is the next ban of the address. */
const isLineOf: IsAnswered = (call, lines) => {
  const answer = answerTo(call, lines)
  return answer >= 0 && answer === lines.length - 1
}

/** The same, or all lines after it are of bans that a killed fail2ban made again. */
const isLineOfSame: IsAnswered = (call, lines) => {
  const answer = answerTo(call, lines)
  return answer >= 0 && lines.slice(answer + 1).every(({ isAgain }) => isAgain)
}

/** Reads the record out of fail2ban's log and the calls. */
export async function readRecord(
  logfile: string,
  calls: Calls,
  zones: Pick<Zones, 'toEpoch'>,
): Promise<BanRecord> {
  const begun = new Map<string, LoggedBan[]>()
  const ended = new Set<string>()
  const failures = new Map<string, Failures>()
  for (const text of (await readFile(logfile, 'utf8')).split('\n')) {
    const [, time, pid, jail, word, address] = line.exec(text) ?? []
    if (time === undefined) continue
    const key = `${jail} ${address}`
    const at = zones.toEpoch(time, Number(pid))
    const failed = failures.get(key) ?? new Failures()
    failures.set(key, failed)
    if (word === 'Found') failed.found(at)
    else if (word === 'Restore Ban') ended.delete(key)
    else {
      if (word === 'Unban') ended.add(key)
      else {
        const isAgain = begun.has(key) && !ended.delete(key)
        const isAsked = calls.shell.some(
          (call) =>
            `${call.jail} ${call.address}` === key && Math.abs(at - call.from) < BAN_AFTER_FAILURES_MS,
        )
        const by = isAsked ? (['fail2ban', 'unknown'] as const) : failed.authors(at)
        begun.set(key, [...(begun.get(key) ?? []), { at, isAgain, by }])
      }
      failed.forget()
    }
  }
  const linesOf = (jail: string, address: string) => begun.get(`${jail} ${address}`) ?? []
  const describe = (jail: string, address: string, isAnswered: IsAnswered): RecordedBan => {
    const lines = linesOf(jail, address)
    const at = lines.at(-1)?.at ?? 0
    const isOfPair = (call: BanCall | UndoCall) => call.jail === jail && call.address === address
    const since = calls.bans.filter(
      (call) => isOfPair(call) && (call.to >= at - TOLERANCE || (call.isNew && isAnswered(call, lines))),
    )
    const undo = calls.undos.findLast((call) => isOfPair(call) && isAnswered(call, lines))
    const isNew = since.some((call) => call.isNew && call.from <= at + TOLERANCE)
    const { by, began, ownEnd } = undo?.before ?? {
      by: isNew ? (['user'] as const) : (lines.at(-1)?.by ?? (['fail2ban', 'unknown'] as const)),
      began: null,
      ownEnd: null,
    }
    const isLater = (call: BanCall) => undo === undefined || call.from >= undo.to
    // an end of one's own does not count for a ban of fail2ban
    const counts = (call: BanCall) => by.includes('user') || call.ownDuration === null
    const last = since.findLast((call) => isLater(call) && counts(call))
    if (last === undefined) return { by, began, ownEnd }
    const { from, to, ownDuration } = last
    const after = (begin: number) => begin + (ownDuration ?? 0) * 1000
    return { by, began, ownEnd: ownDuration === null ? null : { from: after(from), to: after(to) } }
  }
  return {
    accounts: (jail, address) => [describe(jail, address, isLineOf), describe(jail, address, isLineOfSame)],
    isLogged: (jail, address) => {
      const begins = [...calls.bans.filter(({ isNew }) => isNew), ...calls.undos]
        .filter((call) => call.jail === jail && call.address === address)
        .map(({ from }) => from)
      const lines = linesOf(jail, address)
      return begins.length === 0 || answerTo({ from: Math.max(...begins) }, lines) >= 0
    },
    count: (jail, address) => linesOf(jail, address).length,
  }
}
