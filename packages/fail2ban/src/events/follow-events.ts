import { notifier } from '@bangui/async'
import type { EventSourceStatus } from '@bangui/shared'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import type { HostEventBatch } from '../models/daemon-models.ts'
import { createJailQuestion, type JailAnswer } from './ask-jails.ts'
import { readPosition, startPosition, writePosition } from './event-position.ts'
import type { SpawnJournal } from './journal-tail.ts'
import { createLogSource, type SourceContext } from './log-source.ts'
import { createUnbanDecider } from './unban-decider.ts'

export interface FollowOptions {
  /** of the last batch that was taken in; null: none */
  readonly position: string | null
  readonly signal: AbortSignal
  /** @default journalctl itself */
  readonly spawnJournal?: SpawnJournal | undefined
  readonly findBanTimes?: FindBanTimes | undefined
}

const MAX_BATCH_EVENTS = 500
/** After so many reads without an event, which are 2 MB of a file, the position is emitted anyway. */
const MAX_QUIET_READS = 64
/** The kernel reports changes of a file; the poll is for file systems where it does not. */
const POLL_MS = 1000
const UNSETTLED_POLL_MS = 100

/** See `EventVerbs.follow`. */
export async function* followEvents(
  context: SourceContext,
  options: FollowOptions,
): AsyncGenerator<HostEventBatch> {
  const { signal } = options
  const changed = notifier()
  let hasChanged = false
  const onChange = () => {
    hasChanged = true
    changed.notify()
  }
  const start = (options.position === null ? undefined : readPosition(options.position)) ?? startPosition
  const source = createLogSource(context, {
    position: start,
    onChange,
    spawnJournal: options.spawnJournal,
    findBanTimes: options.findBanTimes,
  })
  const question = createJailQuestion(context, onChange)
  const decider = createUnbanDecider(start.unbans)
  let answer: JailAnswer | undefined
  let emittedStatus = ''
  let isCaughtUp = false
  let isChanged = false
  let quietReads = 0

  const batch = (): HostEventBatch => {
    const events = decider.take(MAX_BATCH_EVENTS)
    const position = writePosition({ ...source.position(), unbans: decider.state() })
    const found = source.status()
    const status: EventSourceStatus =
      found.state === 'following' && !isCaughtUp ? { ...found, state: 'catching_up' } : found
    emittedStatus = keyOf(status)
    isChanged = false
    quietReads = 0
    return { events, position, status }
  }

  const hasNews = () =>
    isChanged ||
    decider.readyCount > 0 ||
    quietReads >= MAX_QUIET_READS ||
    (isCaughtUp && keyOf(source.status()) !== emittedStatus)

  /** At the end of the log: an answer counts once everything is read that was written before it came. */
  const decideHeld = () => {
    if (answer && source.isSettled(answer.at)) {
      // long silence is no stop under way, even where the daemon is offline by now
      if (!answer.jails?.size) decider.decideOld(context.clock())
      if (answer.jails) isChanged = decider.decide(answer.heldEnd, answer.jails) || isChanged
      answer = undefined
    }
    const heldEnd = decider.heldEnd()
    if (heldEnd !== undefined && answer === undefined) question.ask(heldEnd)
  }

  try {
    while (!signal.aborted) {
      await source.refresh()
      answer ??= question.take()
      const records = await source.read()
      for (const record of records ?? []) decider.push(record)
      if (records?.length === 0) quietReads++
      if (records === undefined) {
        isCaughtUp = true
        decideHeld()
      }
      while (hasNews() && !signal.aborted) yield batch()
      if (records !== undefined) continue
      const milliseconds = source.isSettled(answer?.at ?? 0) ? POLL_MS : UNSETTLED_POLL_MS
      if (!hasChanged) await changed.wait({ signal, milliseconds })
      hasChanged = false
    }
  } finally {
    await source.close()
  }
}

const keyOf = (status: EventSourceStatus) => JSON.stringify(status)
