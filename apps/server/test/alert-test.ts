import type { AddAlertRuleInput, Event, PendingRecovery } from '@bangui/shared'
import { createAlerts, type Alerts } from '../src/features/alerts/alerts.ts'
import type { AlertMessage, SendResult } from '../src/features/alerts/channels/channel.ts'
import { createCaller } from '../src/router.ts'
import { asRole } from './as-role.ts'
import { createTestDeps } from './create-test-deps.ts'

/** A change that nobody has decided about. */
export const failedChange: PendingRecovery = {
  jailName: 'sshd',
  activatedAt: 1,
  detectedAt: 2,
  recovered: false,
  cause: 'crashed',
  missingJails: [],
  changeId: null,
}

/** A message that was sent. */
export interface Sent {
  readonly message: AlertMessage
  readonly deliveryId: string
  readonly channel: string
  readonly at: number
}

/** What a server answers to a message; the default takes every one. */
export type Answer = (sent: Sent) => SendResult | Promise<SendResult>

/** Alerts on a real database, a clock that a test moves, and a channel that keeps what it sends. */
export async function createAlertTest(answer: Answer = () => ({ ok: true, answer: 'ok' })) {
  const test = await createTestDeps({ BANGUI_ALLOW_PRIVATE_URLS: 'true' })
  const sent: Sent[] = []
  const box = { answer }
  const begin = async (): Promise<Alerts> => {
    const alerts = createAlerts(test.deps, async (channel, message, { deliveryId }) => {
      const one = { message, deliveryId, channel: channel.name, at: test.time.now }
      sent.push(one)
      return box.answer(one)
    })
    await alerts.start()
    return alerts
  }
  let alerts = await begin()
  const api = () => createCaller(asRole({ ...test.deps, alerts }, 'admin')).alerts
  const look = async () => {
    await alerts.look()
    await alerts.idle()
  }

  return {
    ...test,
    sent,
    /** what the server answers from now on */
    box,
    api,
    look,
    /** moves the clock in steps, and looks after each */
    async pass(seconds: number, stepSeconds = seconds) {
      for (let left = seconds; left > 0; left -= stepSeconds) {
        test.time.now += Math.min(left, stepSeconds) * 1000
        await look()
      }
    },
    /** ends the alerts, or leaves them as a kill would, and begins anew on the same database */
    async restart() {
      await alerts.stop()
      alerts = await begin()
    },
    /** stores events as the log would, and tells those who listen */
    happen(...events: Event[]) {
      test.deps.events.emit(test.archive.store(...events))
    },
    setStatus: (status: { online?: boolean; responding?: boolean; activity?: 'loading' | null }) =>
      test.state.update((state) => ({
        ...state,
        serverStatus: {
          ...state.serverStatus,
          online: true,
          responding: true,
          activity: null,
          checkedAt: 1,
          ...status,
        },
      })),
    async addChannel(over: object = {}): Promise<number> {
      const { id } = await api().addChannel({
        kind: 'discord',
        name: 'Chat',
        config: { url: 'https://chat.example.org/x' },
        ...over,
      })
      return id
    },
    addRule: async (rule: Omit<AddAlertRuleInput, 'name'>): Promise<number> =>
      (await api().addRule({ name: rule.kind, ...rule })).id,
    titles: () => sent.map(({ message }) => titleOf(message)),
    async [Symbol.asyncDispose]() {
      await alerts.stop()
      await test[Symbol.asyncDispose]()
    },
  }
}

/** Returns what a message is about, with its state and how many it leaves out. */
export function titleOf(message: AlertMessage): string {
  if ('digest' in message) return message.digest.title
  const { state, title } = message.incident
  const more = message.more === undefined ? '' : ` +${message.more}`
  return `${state}: ${title}${more}`
}
