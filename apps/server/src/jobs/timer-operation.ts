import { HOUR_MS } from '@bangui/shared'
import { randomUUID } from 'node:crypto'
import type { HostDeps } from '../deps.ts'
import type { Outcome } from '../features/operations/operation.ts'
import { AppError } from '../lib/errors.ts'

/** What the timers of a host end within this time is one operation: the list of operations has few rows of it. */
const GROUP_MS = HOUR_MS

/** How many names of users an operation has. */
const MAX_NAMES = 20

/** The author of what BanGUI's timers do. */
export const TIMER = { kind: 'system', name: 'timer' } as const

/** Bans that are to end now. */
export interface DueBans {
  readonly bans: readonly { readonly jail: string; readonly address: string }[]
  /** the names of the users who asked for these ends */
  readonly askedBy: readonly string[]
}

/** Ends bans; reports how many it has reached. */
type EndBans = (progress: (done: number) => void) => Promise<Outcome>

/** Records the bans that the timers of a host end. */
export interface TimerOperation {
  /** Runs work that ends bans as a part of the newest operation of the timers, or of a new one. */
  run(due: DueBans, work: EndBans): Promise<void>
}

interface Group {
  readonly id: string
  readonly startedAt: number
  readonly askedBy: readonly string[]
  readonly done: number
}

/** Creates the {@link TimerOperation} of a host. */
export function createTimerOperation(
  deps: Pick<HostDeps, 'operations' | 'clock' | 'id' | 'key'>,
): TimerOperation {
  const { operations, clock } = deps
  const host = { id: deps.id, key: deps.key }
  /** where the next bans belong; undefined: to a new operation */
  let open: Group | undefined

  const runIn = async (group: Group, { bans, ...due }: DueBans, work: EndBans): Promise<void> => {
    const { id, startedAt, done: before } = group
    const askedBy = [...new Set([...group.askedBy, ...due.askedBy])].slice(0, MAX_NAMES)
    const total = before + bans.length
    const title = titleOf(total, bans)
    const request = {
      id,
      kind: 'unban',
      title,
      total,
      actor: TIMER,
      host,
      cancellable: false,
      askedBy,
      outcomeOf: (outcome: Outcome) => outcome,
      ...(group === open && { resumes: { done: before, startedAt, by: null } }),
    } as const
    await operations.run(request, (operation) => {
      const isRecorded = operation.recordError === undefined
      const reach = (done: number) => void (open = isRecorded ? { id, startedAt, askedBy, done } : undefined)
      reach(before)
      operation.describe(title, total)
      return work((done) => {
        reach(before + done)
        operation.progress(before + done)
      })
    })
  }

  return {
    async run(due, work) {
      const now = clock()
      if (open && Math.abs(now - open.startedAt) < GROUP_MS) {
        try {
          return await runIn(open, due, work)
        } catch (error) {
          // its record was deleted
          if (!(error instanceof AppError && error.code === 'resume_none')) throw error
        }
      }
      open = undefined
      await runIn({ id: randomUUID(), startedAt: now, askedBy: [], done: 0 }, due, work)
    },
  }
}

function titleOf(total: number, [first]: DueBans['bans']): string {
  if (total === 1 && first) return `Unbanning ${first.address} in ${first.jail} after its custom duration`
  return `Unbanning ${total.toLocaleString('en')} addresses after their custom durations`
}
