import * as z from 'zod'

/** How much an alert matters: a critical one may be sent in quiet hours. */
export const AlertSeverity = z.enum(['critical', 'warning', 'info'])
export type AlertSeverity = z.infer<typeof AlertSeverity>
