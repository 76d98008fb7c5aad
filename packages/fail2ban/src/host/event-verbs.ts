import type { FindBanTimes } from '../daemon-time/observe-bans.ts'
import { followEvents } from '../events/follow-events.ts'
import type { EventVerbs } from '../verbs/events.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** Creates the verbs that report what fail2ban does, but for bans that only test the firewall. */
export const createEventVerbs = (context: LocalHostContext, findBanTimes: FindBanTimes): EventVerbs => ({
  async *follow(options) {
    const isTest = await context.proofs.open()
    for await (const batch of followEvents(context, { ...options, findBanTimes }))
      yield {
        ...batch,
        events: batch.events.filter(
          (event) =>
            !(
              'address' in event &&
              event.jail !== null &&
              event.address !== null &&
              isTest(event.jail, event.address, event.at)
            ),
        ),
      }
  },
})
