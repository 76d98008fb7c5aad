import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { followEvents } from '../events/follow-events.ts'
import type { EventVerbs } from '../verbs/events.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** Creates the verbs that report what fail2ban does. */
export const createEventVerbs = (context: LocalHostContext, findBanTimes: FindBanTimes): EventVerbs => ({
  follow: (options) => followEvents(context, { ...options, findBanTimes }),
})
