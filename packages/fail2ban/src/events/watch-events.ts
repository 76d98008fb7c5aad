import { notifier } from '@bangui/async'
import type { EventSourceStatus } from '@bangui/shared'
import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import type { HostEventBatch } from '../host-models.ts'
import { createJailQuestion, type JailAnswer } from './ask-jails.ts'
import { readPosition, startPosition, writePosition } from './event-position.ts'
import type { SpawnJournal } from './journal-tail.ts'
import { createLogSource, type SourceContext } from './log-source.ts'
import { createUnbanSettler } from './settle-unbans.ts'

export interface WatchOptions {
  /** of the last batch that was taken in; null: none */
  readonly position: string | null
  readonly signal: AbortSignal
  /** @default journalctl itself */
  readonly spawnJournal?: SpawnJournal | undefined
  readonly findBanTimes?: FindBanTimes | undefined
}

const BATCH_EVENTS = 500
/** How many reads without an event are made before the place is stored anyway: 2 MB of a file. */
const QUIET_READS = 64
/** The kernel tells what happens to a file; this is for file systems where it does not. */
const POLL = 1000
const SETTLE_POLL = 100

/** See `watchEvents` of the host. */
export async function* watchEvents(
  context: SourceContext,
  options: WatchOptions,
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
  const settler = createUnbanSettler(start.settler)
  let answer: JailAnswer | undefined
  let toldStatus = ''
  let isCaughtUp = false
  let isChanged = false
  let quietReads = 0

  const batch = (): HostEventBatch => {
    const events = settler.take(BATCH_EVENTS)
    const position = writePosition({ ...source.position(), settler: settler.state() })
    const found = source.status()
    const status: EventSourceStatus =
      found.state === 'following' && !isCaughtUp ? { ...found, state: 'catching_up' } : found
    toldStatus = keyOf(status)
    isChanged = false
    quietReads = 0
    return { events, position, status }
  }

  const hasNews = () =>
    isChanged ||
    settler.readyCount > 0 ||
    quietReads >= QUIET_READS ||
    (isCaughtUp && keyOf(source.status()) !== toldStatus)

  /** At the end of the log: an answer counts once everything is read that was written before it came. */
  const settle = () => {
    if (answer && source.isSettled(answer.at)) {
      // long silence is no stop under way, even where the daemon is gone by now
      if (!answer.jails?.size) settler.expire(context.clock())
      if (answer.jails) isChanged = settler.answer(answer.mark, answer.jails) || isChanged
      answer = undefined
    }
    const mark = settler.mark()
    if (mark !== undefined && answer === undefined) question.ask(mark)
  }

  try {
    while (!signal.aborted) {
      await source.refresh()
      answer ??= question.take()
      const told = await source.read()
      for (const one of told ?? []) settler.push(one)
      if (told?.length === 0) quietReads++
      if (told === undefined) {
        isCaughtUp = true
        settle()
      }
      while (hasNews() && !signal.aborted) yield batch()
      if (told !== undefined) continue
      const milliseconds = source.isSettled(answer?.at ?? 0) ? POLL : SETTLE_POLL
      if (!hasChanged) await changed.wait({ signal, milliseconds })
      hasChanged = false
    }
  } finally {
    await source.close()
  }
}

const keyOf = (status: EventSourceStatus) => JSON.stringify(status)
