import * as z from 'zod'
import { LockOutRisk } from './lock-out.ts'
import { Count, Time } from './time.ts'

/** The second confirmation of a change counts from this part of its time on: 15 of 60 seconds. */
export const SECOND_CONFIRMATION_AT = 1 / 4

/** A change that was loaded and is rolled back unless it is confirmed. */
export const UnconfirmedChange = z.object({
  id: z.string(),
  title: z.string(),
  /** the name of whoever applied it; null: unknown */
  by: z.string().nullable(),
  appliedAt: Time,
  /** when it is rolled back */
  confirmBy: Time,
  risks: z.array(LockOutRisk),
  /** how often it was confirmed: it is kept with the second time */
  confirmations: Count,
})
export type UnconfirmedChange = z.infer<typeof UnconfirmedChange>

/** `keep`: keeps the change whether or not anybody who applied it still reaches BanGUI. */
export const ConfirmConfigInput = z.object({ id: z.uuid(), keep: z.boolean().optional() })
export type ConfirmConfigInput = z.infer<typeof ConfirmConfigInput>

/** What a confirmation has done. */
export const ConfigConfirmed = z.object({
  /** the change stays */
  kept: z.boolean(),
  /** false: it came too early, or over a connection from before the load or the confirmation before; confirm again over a new one */
  counted: z.boolean(),
  /** when to confirm next, in milliseconds from now; null: never */
  nextInMs: z.int().nullable(),
  /** false: another session applied the change, and only its confirmations count */
  own: z.boolean(),
  /** the confirmation came through a trusted proxy: it shows that the proxy reaches BanGUI, not that people reach the proxy */
  throughProxy: z.boolean(),
})
export type ConfigConfirmed = z.infer<typeof ConfigConfirmed>
