import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { watchEvents } from '../events/watch-events.ts'
import type { EventVerbs } from '../verbs/events.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** Creates the verbs that report what fail2ban does. */
export const createEventVerbs = (context: LocalHostContext, findBanTimes: FindBanTimes): EventVerbs => ({
  watch: (options) => watchEvents(context, { ...options, findBanTimes }),
})
