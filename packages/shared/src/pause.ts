import * as z from 'zod'
import { OperationId } from './ban.ts'
import { Time } from './time.ts'

/** The longest maintenance pause: while jails are idle, nobody is banned. */
export const MAX_PAUSE_MINUTES = 24 * 60

/** A time in which jails are idle because of maintenance. */
export const Pause = z.object({
  /** the name of who began it */
  by: z.string(),
  reason: z.string().nullable(),
  startedAt: Time,
  /** when the jails work again by themselves */
  endsAt: Time,
  /** the jails that it made idle, and that work again after it */
  jails: z.array(z.string()),
})
export type Pause = z.infer<typeof Pause>

export const StartPauseInput = z.object({
  minutes: z.int().min(1).max(MAX_PAUSE_MINUTES),
  reason: z.string().trim().max(200).optional(),
  operationId: OperationId.optional(),
})
export type StartPauseInput = z.infer<typeof StartPauseInput>

export const EndPauseInput = z.object({ operationId: OperationId.optional() }).prefault({})
export type EndPauseInput = z.infer<typeof EndPauseInput>

/** What became of the jails of a pause. */
export const PauseResult = z.object({
  jails: z.array(z.string()),
  /** jails that fail2ban could not be asked to change; BanGUI tries again */
  left: z.array(z.string()),
})
export type PauseResult = z.infer<typeof PauseResult>
