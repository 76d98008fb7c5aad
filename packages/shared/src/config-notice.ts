import * as z from 'zod'

/**
 * What a person has to know of fail2ban's configuration, whatever page is open. `refused`: fail2ban would not start with it.
 * `passed_over`: fail2ban does not use the file. `unreadable`: BanGUI cannot read the file, and fail2ban perhaps can.
 */
export const ConfigNotice = z.object({
  kind: z.enum(['refused', 'passed_over', 'unreadable']),
  file: z.string().nullable(),
  /** counts from 1 */
  line: z.int().nullable(),
  jail: z.string().nullable(),
  /** what is wrong, in a sentence; null: only fail2ban's own words say it */
  message: z.string().nullable(),
  /** fail2ban's own words, for administrators only: they repeat what stands in the file */
  output: z.string().nullable(),
})
export type ConfigNotice = z.infer<typeof ConfigNotice>
