import { findProgress, saveAlertChanges, noAlertChanges, type AlertChannelRecord } from '@bangui/db'
import { mutex } from '@bangui/async'
import { randomBytes } from 'node:crypto'
import type { AlertsDeps } from './alerts-deps.ts'
import type { SignInNote } from '../auth/sign-in-log.ts'
import { loadMemory, seedRules, type AlertMemory } from './alert-memory.ts'
import { alertUrl } from './alert-url.ts'
import { makeDigest } from './digest.ts'
import { createEventFeed, type EventFeed } from './event-feed.ts'
import { lookAt } from './levels.ts'
import { look } from './look.ts'
import { createDeliveryQueue, type SendBy } from './queue.ts'
import { createWakes } from './wakes.ts'

/** The rules of alerts, their incidents, and what is sent about them. */
export interface Alerts {
  /** Makes the first rules, continues where the last run ended, and begins to look. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Looks at everything now: opens and resolves incidents, and queues what is to be sent. */
  look(): Promise<void>
  /** Changes rules, channels or incidents while nobody looks, and looks again. */
  change<TResult>(work: () => Promise<TResult>): Promise<TResult>
  /** Sends a message at once, past the queue. */
  readonly send: SendBy
  /** Resolves when nothing is being sent: what waits for a later time still does. */
  idle(): Promise<void>
}

/** Events after which the place in their sequence is stored although nothing else has changed. */
const MAX_UNSAVED_EVENTS = 5_000

/** Sign-ins that wait to be looked at; further ones are attempts of a flood. */
const MAX_SIGN_INS = 1_000

/** Creates the alerts; nothing is looked at before the start. */
export function createAlerts(deps: AlertsDeps, send: SendBy): Alerts {
  const { database, log, clock, signInLog } = deps
  const queue = createDeliveryQueue(deps, send, () => void noteChange(deps))
  const oneAtATime = mutex()
  const signIns: SignInNote[] = []
  let feed: EventFeed | undefined
  let memory: AlertMemory | undefined
  let progress: Progress = { seq: 0, savedSeq: 0 }
  /** something was changed that a look does not find */
  let isChanged = true
  let stopListening: (() => void) | undefined

  const lookOnce = async () => {
    if (!feed) return
    memory ??= await loadMemory(database.db)
    const taken = [...signIns]
    const read = await feed.read(progress.seq)
    const result = await lookNow(deps, memory, { events: read.events, signIns: taken })
    const hasChanged = Object.values(result.changes).some((part) => Array.isArray(part) && part.length > 0)
    const isSaved = hasChanged || read.seq - progress.savedSeq >= MAX_UNSAVED_EVENTS
    if (isSaved) await saveAlertChanges(database.db, { ...result.changes, seq: read.seq })
    memory = { ...memory, subjects: result.subjects, incidents: result.incidents }
    progress = { seq: read.seq, savedSeq: isSaved ? read.seq : progress.savedSeq }
    if (hasChanged || isChanged) {
      isChanged = false
      await noteChange(deps, result.incidents)
    }
    feed.drop(read.seq)
    signIns.splice(0, taken.length)
    memory = { ...memory, channels: await sendDigests(deps, memory.channels) }
    queue.wake()
  }

  const lookSoon = () => oneAtATime(lookOnce)
  const wakes = createWakes(deps, () =>
    lookSoon().catch((error: unknown) => {
      log.warn({ event: 'alerts_not_looked', err: error }, 'the rules of alerts could not be looked at')
    }),
  )

  return {
    async start() {
      await seedRules(database.db, clock())
      await queue.recover()
      memory = await loadMemory(database.db)
      progress = await findPlace(deps, memory)
      feed = createEventFeed(deps, wakes.wake)
      stopListening = signInLog.listen((note) => {
        if (signIns.length < MAX_SIGN_INS) signIns.push(note)
        wakes.wake()
      })
      wakes.start()
    },
    async stop() {
      stopListening?.()
      feed?.stop()
      await wakes.stop()
      await oneAtATime(async () => undefined)
      await queue.stop()
    },
    look: lookSoon,
    async change(work) {
      const result = await oneAtATime(async () => {
        // also where it fails: a part of it may be stored
        memory = undefined
        isChanged = true
        return work()
      })
      wakes.wake()
      return result
    },
    send,
    idle: queue.idle,
  }
}

interface Progress {
  readonly seq: number
  readonly savedSeq: number
}

/** Returns where the rules go on; rules that were all off go on with what happens from now on. */
async function findPlace(
  { database, archive, hosts }: AlertsDeps,
  { rules }: AlertMemory,
): Promise<Progress> {
  const stored = await findProgress(database.db, 'seq')
  const newest = await archive.forHosts(hosts.list().map(({ id }) => id)).lastSeq()
  const isWatched = rules.some(({ enabled }) => enabled)
  // a number that is ahead is one of another database
  const seq = stored === undefined || !isWatched || stored > newest ? newest : stored
  return { seq, savedSeq: stored ?? 0 }
}

async function lookNow(
  { config, hosts, clock }: AlertsDeps,
  memory: AlertMemory,
  happenings: Pick<Parameters<typeof look>[0], 'events' | 'signIns'>,
) {
  return look({
    ...memory,
    ...happenings,
    hosts: await Promise.all(hosts.list().map(lookAt)),
    nodeName: config.nodeName,
    now: clock(),
    urlOf: (incident) => alertUrl(config, incident),
    createId,
  })
}

/** Queues the digests that are due. Returns the channels, with what their digests cover now. */
async function sendDigests(
  deps: AlertsDeps,
  channels: readonly AlertChannelRecord[],
): Promise<readonly AlertChannelRecord[]> {
  const after: AlertChannelRecord[] = []
  for (const channel of channels) {
    const options = { now: deps.clock(), url: alertUrl(deps.config), createId }
    const due = await makeDigest(deps, channel, options)
    if (due)
      await saveAlertChanges(deps.database.db, {
        ...noAlertChanges,
        deliveries: due.delivery === null ? [] : [due.delivery],
        digests: [{ channelId: channel.id, until: due.until }],
      })
    after.push(due ? { ...channel, digestUntil: due.until } : channel)
  }
  return after
}

/** Lets the pages know that something has changed, and how many incidents are open where that is known. */
async function noteChange(
  { appState, clock }: Pick<AlertsDeps, 'appState' | 'clock'>,
  incidents?: AlertMemory['incidents'],
): Promise<void> {
  await appState.update((state) => ({
    ...state,
    alerts: {
      open: incidents?.filter(({ isAcknowledged }) => !isAcknowledged).length ?? state.alerts.open,
      // a page that outlives this process has seen the numbers of the one before
      revision: Math.max(state.alerts.revision + 1, clock()),
    },
  }))
}

/** Returns a random id, which also fits into a header of a mail. */
const createId = () => randomBytes(16).toString('hex')
