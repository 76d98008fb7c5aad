import { Count, RecoveryCause, Time } from '@bangui/shared'
import * as z from 'zod'

const text = z.string().max(500)
const counted = { count: Count, windowSeconds: z.int() }

/** What a message about an incident is made of. Names come from logs and from people: they are bounded and never trusted. */
export const AlertFacts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('daemon_down'), offline: z.boolean(), reason: text.nullable() }),
  z.object({
    kind: z.literal('recovery_pending'),
    cause: RecoveryCause,
    change: text.nullable(),
    jails: z.array(text).max(5),
    moreJails: Count,
  }),
  z.object({ kind: z.literal('jail_missing'), jail: text }),
  z.object({ kind: z.literal('action_failing'), jail: text, action: text, ...counted }),
  z.object({ kind: z.literal('health'), title: text, remedy: z.string().max(2000) }),
  z.object({ kind: z.literal('bans_above'), jail: text, address: text, ...counted }),
  z.object({ kind: z.literal('address_of_interest'), watched: text, jail: text, address: text, ...counted }),
  z.object({
    kind: z.literal('blocklist'),
    name: text,
    problem: z.enum(['failed', 'held']),
    reason: text.nullable(),
  }),
  z.object({ kind: z.literal('sign_in_new'), user: text, address: text, at: Time }),
  z.object({ kind: z.literal('sign_in_failed'), user: text, address: text, ...counted }),
  z.object({ kind: z.literal('config_changed_outside'), title: text, files: Count }),
])
export type AlertFacts = z.infer<typeof AlertFacts>
