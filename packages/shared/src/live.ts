import * as z from 'zod'
import { Event } from './event.ts'
import { Jail } from './jail.ts'
import { Operation } from './operation.ts'
import { RuntimeSnapshot } from './runtime.ts'
import { Count } from './time.ts'

/** The key of the host that a message is about. */
const host = z.string()

/** A message of `live.watch`. State is sent as a whole (snapshot, runtime, jails), events as a sequence. */
export const Live = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    host,
    runtime: RuntimeSnapshot,
    jails: z.array(Jail).nullable(),
    operations: z.array(Operation),
  }),
  z.object({ type: z.literal('runtime'), host, runtime: RuntimeSnapshot }),
  z.object({ type: z.literal('jails'), host, jails: z.array(Jail) }),
  /** the newest 50 at most, oldest first; `counts` counts all of them */
  z.object({
    type: z.literal('events'),
    host,
    events: z.array(Event),
    counts: z.record(z.string(), Count),
  }),
  Operation.extend({ type: z.literal('operation') }),
])
export type Live = z.infer<typeof Live>

/** The reply of `live.poll`: what a stream would begin with after the same id. */
export const LivePoll = z.object({
  /** the id for the next request */
  id: z.string(),
  /** missed events first, then a snapshot of each host */
  messages: z.array(Live),
})
export type LivePoll = z.infer<typeof LivePoll>

/** The input that a stream is opened with: the id of the last message that was received. */
export const WatchInput = z.preprocess(
  (input) => input ?? {},
  z.object({ lastEventId: z.string().max(1_024).nullish() }),
) as unknown as z.ZodType<WatchInput, WatchInput | null | undefined>
export type WatchInput = { readonly lastEventId?: string | null | undefined }
