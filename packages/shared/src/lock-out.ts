import * as z from 'zod'
import { Count, Time } from './time.ts'

/**
 * Why a change can lock people out: what it changes of jails. `way_in`: anything of a jail that watches SSH or BanGUI itself;
 * `all_ports`: a jail begins that blocks every port.
 */
export const LockOutCause = z.enum([
  'ignore_list',
  'actions',
  'ports',
  'chain',
  'regexes',
  'way_in',
  'all_ports',
])
export type LockOutCause = z.infer<typeof LockOutCause>

/** One reason for which a change can lock people out, with the jails that it is about. */
export const LockOutRisk = z.object({ cause: LockOutCause, jails: z.array(z.string()) })
export type LockOutRisk = z.infer<typeof LockOutRisk>

/** An address of people that a change would have banned, or whose ban it makes again. */
export const LockedOut = z.object({
  /** canonical */
  address: z.string(),
  jail: z.string(),
  /** `failures`: the last lines of the logs would have had it banned; `banned`: the jail bans it now, and blocks by the new rules then */
  reason: z.enum(['failures', 'banned']),
  /** how many lines of the logs count against it */
  failures: Count,
  /** when it would have been banned; null: it has been */
  at: Time.nullable(),
  /** it has an SSH connection now */
  ssh: z.boolean(),
})
export type LockedOut = z.infer<typeof LockedOut>

/** Whether the last lines of the logs would have had people banned by the settings of a change. */
export const LockOutCheck = z.object({
  lockedOut: z.array(LockedOut),
  /** how many addresses were looked for */
  addresses: Count,
  /** how many lines were looked at */
  lines: Count,
  /** what could not be looked at, as sentences */
  unknown: z.array(z.string()),
})
export type LockOutCheck = z.infer<typeof LockOutCheck>

/** The same, with who has signed in to BanGUI from each address. */
export const LockOutReport = LockOutCheck.extend({
  lockedOut: z.array(LockedOut.extend({ users: z.array(z.string()) })),
})
export type LockOutReport = z.infer<typeof LockOutReport>

/** How many addresses of people are looked for at most. */
export const MAX_WATCHED_ADDRESSES = 500
