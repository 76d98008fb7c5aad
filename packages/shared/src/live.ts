import * as z from 'zod'
import { Jail } from './jail.ts'
import { RuntimeSnapshot } from './runtime.ts'
import { Count, Time } from './time.ts'

const at = { at: Time }

/** Something that happened, in the order it happened. */
export const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ban.added'), ...at, jail: z.string(), address: z.string() }),
  z.object({ type: z.literal('ban.removed'), ...at, jail: z.string(), address: z.string() }),
  z.object({ type: z.literal('failure.found'), ...at, jail: z.string(), address: z.string() }),
  z.object({ type: z.literal('jail.changed'), ...at, jail: z.string() }),
  z.object({ type: z.literal('daemon.changed'), ...at, online: z.boolean() }),
  z.object({ type: z.literal('reset'), ...at }),
])
export type Event = z.infer<typeof Event>

/** One message of `live.watch`. State is a level (snapshot, runtime, jails), events are a sequence. */
export const Live = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), runtime: RuntimeSnapshot, jails: z.array(Jail).nullable() }),
  z.object({ type: z.literal('runtime'), runtime: RuntimeSnapshot }),
  z.object({ type: z.literal('jails'), jails: z.array(Jail) }),
  z.object({ type: z.literal('events'), events: z.array(Event), counts: z.record(z.string(), Count) }),
  z.object({ type: z.literal('operation'), id: z.string(), done: Count, total: Count, state: z.string() }),
])
export type Live = z.infer<typeof Live>

/** What a stream is opened with: the id of the last message that was seen. */
export const WatchInput = z.object({ lastEventId: z.string().max(64).nullish() }).nullish()
export type WatchInput = z.infer<typeof WatchInput>
