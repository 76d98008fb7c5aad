import * as z from 'zod'

/**
 * A problem of fail2ban's configuration, shown on every page. `refused`: fail2ban would not start with it.
 * `passed_over`: fail2ban does not use the file. `unreadable`: BanGUI cannot read the file, and fail2ban perhaps can.
 * `hint`: a name that fail2ban does not know, probably misspelt.
 */
export const ConfigNotice = z.object({
  kind: z.enum(['refused', 'passed_over', 'unreadable', 'hint']),
  file: z.string().nullable(),
  /** counts from 1 */
  line: z.int().nullable(),
  jail: z.string().nullable(),
  /** a sentence that says what is wrong; null: only fail2ban's own output says it */
  message: z.string().nullable(),
  /** fail2ban's own output, for administrators only: it quotes the file */
  output: z.string().nullable(),
})
export type ConfigNotice = z.infer<typeof ConfigNotice>
