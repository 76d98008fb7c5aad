import * as z from 'zod'

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
