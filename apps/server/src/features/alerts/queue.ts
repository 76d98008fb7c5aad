import { withTimeout } from '@bangui/async'
import {
  beginDelivery,
  endDelivery,
  findAlertChannel,
  listBusyChannels,
  listSentTimes,
  listWaitingDeliveries,
  recoverDeliveries,
  type AlertChannelRecord,
  type WaitingDelivery,
} from '@bangui/db'
import { HOUR_MS } from '@bangui/shared'
import type { AlertsDeps } from './alerts-deps.ts'
import { nextAttempt } from './back-off.ts'
import type { AlertMessage, SendResult } from './channels/channel.ts'
import { mergeMessages } from './messages.ts'
import { pickDelivery } from './pick-delivery.ts'

/** Sends a message by a channel; never rejects. */
export type SendBy = (
  channel: AlertChannelRecord,
  message: AlertMessage,
  options: { readonly deliveryId: string; readonly signal: AbortSignal },
) => Promise<SendResult>

/** Sends what waits, each channel on its own, so that a server that hangs delays no other. */
export interface DeliveryQueue {
  /** Lets what was being sent when BanGUI ended be sent again. */
  recover(): Promise<void>
  /** Sends what is due; returns at once. Call it when something is new, and now and then. */
  wake(): void
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>
  /** Waits a moment for what is being sent, and begins nothing more. */
  stop(): Promise<void>
}

/** How long messages that are being sent may take at the end of BanGUI. */
const STOP_TIMEOUT_MS = 3_000

type QueueDeps = Pick<AlertsDeps, 'database' | 'log' | 'clock'>

/** Creates the queue; `onSent` is called after each attempt to send. */
export function createDeliveryQueue(
  deps: QueueDeps,
  send: SendBy,
  onSent: () => void = () => undefined,
): DeliveryQueue {
  const { database, log } = deps
  const stopping = new AbortController()
  const running = new Map<number, Promise<void>>()
  /** channels with something new since they looked last */
  const again = new Set<number>()
  const looks = new Set<Promise<void>>()
  let isAskedAgain = false
  const ending = new AbortController()

  const drain = async (channelId: number) => {
    try {
      do {
        again.delete(channelId)
        while (!ending.signal.aborted && (await sendNext(deps, { channelId, send, signal: stopping.signal })))
          onSent()
      } while (again.has(channelId))
    } catch (error) {
      log.warn({ event: 'alerts_not_sent', channel: channelId, err: error }, 'alerts could not be sent')
    } finally {
      running.delete(channelId)
    }
  }

  const look = async () => {
    do {
      isAskedAgain = false
      for (const channelId of await listBusyChannels(database.db)) {
        if (ending.signal.aborted) continue
        if (running.has(channelId)) again.add(channelId)
        else running.set(channelId, drain(channelId))
      }
    } while (isAskedAgain)
  }

  return {
    async recover() {
      const doubtful = await recoverDeliveries(database.db)
      if (doubtful > 0)
        log.info({ event: 'alerts_doubtful', doubtful }, 'alerts that were being sent are sent again')
    },
    wake() {
      isAskedAgain = true
      if (looks.size > 0) return
      const looking = look()
        .catch((error: unknown) => {
          log.warn({ event: 'alerts_not_sent', err: error }, 'the queue of alerts could not be read')
        })
        .finally(() => looks.delete(looking))
      looks.add(looking)
    },
    async idle() {
      while (looks.size > 0 || running.size > 0) await Promise.all([...looks, ...running.values()])
    },
    async stop() {
      ending.abort()
      const ended = async () => {
        await Promise.all(looks)
        await Promise.all(running.values())
      }
      // what is given up may have arrived, and is sent again at the next start
      await withTimeout(ended, { milliseconds: STOP_TIMEOUT_MS, onTimeout: () => stopping.abort() })
      await ended()
    },
  }
}

interface Sending {
  readonly channelId: number
  readonly send: SendBy
  readonly signal: AbortSignal
}

/** Sends the next message of a channel. Returns whether there may be another one. */
async function sendNext(
  { database: { db }, clock }: QueueDeps,
  { channelId, send, signal }: Sending,
): Promise<boolean> {
  const channel = await findAlertChannel(db, channelId)
  if (!channel?.enabled) return false
  const waiting = await listWaitingDeliveries(db, channelId)
  const now = clock()
  const sentAt = await listSentTimes(db, channelId, now - HOUR_MS)
  const pick = pickDelivery(waiting.map(asWaiting), { ...channel, sentAt }, now)
  if (!('send' in pick)) return false
  const [id, ...merged] = pick.send
  const main = waiting.find((each) => each.id === id)
  const message = messageOf(
    main,
    waiting.filter((each) => merged.includes(each.id)),
  )
  if (!main || !message) return false
  await beginDelivery(db, { id, merged, outgoing: message })
  const result = await send(channel, message, { deliveryId: main.deliveryId, signal })
  // stopped in the middle: the next start sends it again, and says that it may have arrived twice
  if (!result.ok && signal.aborted) return false
  const { createdAt } = main
  await endDelivery(db, {
    id,
    channelName: channel.name,
    ok: result.ok,
    answer: result.answer.slice(0, MAX_ANSWER_LENGTH),
    now: clock(),
    nextAt: result.ok ? null : nextAttempt({ attempts: main.attempts + 1, createdAt }, result, clock()),
  })
  return true
}

const MAX_ANSWER_LENGTH = 1000

const asWaiting = ({ id, critical, nextAt, kind, outgoing }: WaitingDelivery) => ({
  id,
  critical,
  nextAt,
  isRetry: outgoing !== null,
  canMerge: kind !== 'digest',
})

/** What was tried before is sent as it was: the receiver knows it by its id. */
function messageOf(
  main: WaitingDelivery | undefined,
  merged: readonly WaitingDelivery[],
): AlertMessage | undefined {
  if (!main) return undefined
  // written by this feature alone
  if (main.outgoing !== null) return main.outgoing as AlertMessage
  return mergeMessages([main, ...merged].map(({ message }) => message as AlertMessage))
}
