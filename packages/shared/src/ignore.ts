import * as z from 'zod'
import { Time } from './time.ts'

/** How many entries the allow list of a host has at most. */
export const MAX_IGNORES = 2_000

/** The longest note on an entry of the allow list, in characters. */
export const MAX_IGNORE_NOTE = 200

/** An entry of the allow list: what fail2ban must never ban, as somebody asked BanGUI for it. */
export const Ignore = z.object({
  id: z.int(),
  /** an address or a network in canonical text, or a host name */
  address: z.string(),
  /** null: every jail */
  jail: z.string().nullable(),
  /** it is for every host, not for one alone */
  everyHost: z.boolean(),
  note: z.string().nullable(),
  /** the name of who added it */
  by: z.string(),
  addedAt: Time,
  /** when BanGUI ends it; null: it does not */
  expiresAt: Time.nullable(),
})
export type Ignore = z.infer<typeof Ignore>
