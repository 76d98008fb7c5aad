import * as z from 'zod'
import { ChannelKind } from './alert-channel.ts'
import { AlertName } from './alert-name.ts'
import { TimeZone } from './time-zone.ts'

/** A time of the day, as in `07:30`. */
export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Enter a time such as 07:30.')

/** The hours of each day in which messages wait; they can go over midnight. */
export const QuietHours = z
  .object({ from: TimeOfDay, to: TimeOfDay, zone: TimeZone, passCritical: z.boolean().default(true) })
  .refine(({ from, to }) => from !== to, 'Quiet hours begin and end at different times.')
export type QuietHours = z.infer<typeof QuietHours>

/** A regular summary; `at` counts for a daily one only. */
export const DigestSchedule = z.object({
  every: z.enum(['hourly', 'daily']),
  at: TimeOfDay.default('08:00'),
  zone: TimeZone,
})
export type DigestSchedule = z.infer<typeof DigestSchedule>

const WRONG_MOST = 'Enter a whole number from 1 to 1,000.'

/** When and how much a channel sends, whatever its kind. */
const SendingFields = z.object({
  enabled: z.boolean(),
  /** above that, messages wait and go out together */
  maxPerHour: z.int(WRONG_MOST).min(1, WRONG_MOST).max(1000, WRONG_MOST),
  /** which incidents are sent at once; the others are in the digest only */
  sends: z.enum(['all', 'critical', 'none']),
  quiet: QuietHours.nullable(),
  digest: DigestSchedule.nullable(),
})
export type ChannelSending = z.infer<typeof SendingFields>

/** Parsed a second time as the configuration of its kind. */
const RawConfig = z.record(z.string().max(64), z.unknown())

export const AddAlertChannelInput = z.object({
  kind: ChannelKind,
  name: AlertName,
  config: RawConfig,
  ...SendingFields.partial().shape,
})
export type AddAlertChannelInput = z.infer<typeof AddAlertChannelInput>

/** Of a secret in `config`: left out it stays, null removes it. */
export const UpdateAlertChannelInput = z
  .object({ id: z.int(), name: AlertName, config: RawConfig, ...SendingFields.shape })
  .partial()
  .required({ id: true })
  .strict()
export type UpdateAlertChannelInput = z.infer<typeof UpdateAlertChannelInput>

/** What is stored about a channel besides its secrets. */
export const AlertChannelSettings = SendingFields.extend({
  kind: ChannelKind,
  name: z.string(),
  config: RawConfig,
})
export type AlertChannelSettings = z.infer<typeof AlertChannelSettings>

/** A channel as the page shows it: never with a secret. */
export interface ListedAlertChannel extends Omit<AlertChannelSettings, 'config'> {
  readonly id: number
  /** without the secrets; null: only administrators see it */
  readonly config: Record<string, unknown> | null
  /** the names of the secrets that are set */
  readonly secrets: readonly string[]
  /** why nothing can be sent, such as that the key is lost; null: something can */
  readonly problem: string | null
  /** messages that wait */
  readonly waiting: number
  /** what became of the last message */
  readonly last: { readonly at: number; readonly ok: boolean; readonly answer: string | null } | null
}
