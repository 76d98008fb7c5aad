import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { watchEvents } from '../events/watch-events.ts'
import type { Fail2banHost } from '../host.ts'
import type { LocalHostContext } from './local-host-context.ts'

type EventVerbs = Pick<Fail2banHost, 'watchEvents'>

/** Creates the verbs that report what fail2ban does. */
export const createEventVerbs = (context: LocalHostContext, findBanTimes: FindBanTimes): EventVerbs => ({
  watchEvents: (options) => watchEvents(context, { ...options, findBanTimes }),
})
