import * as z from 'zod'

/** The end of fail2ban's own log. */
export const DaemonLog = z.object({
  /** where fail2ban logs to: a path, or a keyword such as SYSLOG */
  target: z.string(),
  /** the last lines, oldest first; empty when there are none or they cannot be read */
  lines: z.array(z.string()),
  /** a sentence that says why there are no lines */
  problem: z.string().nullable(),
})
export type DaemonLog = z.infer<typeof DaemonLog>
