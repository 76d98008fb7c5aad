import * as z from 'zod'

/** A place that sets an option, and the value that it would have if this place decided. `line` counts from 1. */
export const SettingPlace = z.object({
  file: z.string().nullable(),
  line: z.int().nullable(),
  value: z.string(),
})
export type SettingPlace = z.infer<typeof SettingPlace>

/** Which part of fail2ban's configuration is asked for. `default` is `[DEFAULT]` of the jails. */
export const ConfigScope = z.enum(['jail', 'filter', 'action', 'default', 'fail2ban'])
export type ConfigScope = z.infer<typeof ConfigScope>

/** One option of fail2ban's configuration with its effective value and all that decides it. */
export const EffectiveSetting = z.object({
  key: z.string(),
  /** the section in which fail2ban looks for it; of a jail's filter and actions, its file: `filter.d/sshd` */
  section: z.string(),
  /** with everything filled in */
  value: z.string(),
  /** as the deciding place has it; null: no file sets it */
  raw: z.string().nullable(),
  /** the place that decides; null: fail2ban's own default, or a parameter of a filter or an action */
  file: z.string().nullable(),
  line: z.int().nullable(),
  /** no file sets it: fail2ban's own default */
  isDefault: z.boolean(),
  /** what the running daemon has instead, where it differs: edited and not loaded yet, or changed at run time; null: it does not */
  inForce: z.string().nullable(),
  /** the places that set it as well and do not decide, the one that would decide next first; fail2ban's own default at the end */
  overrides: z.array(SettingPlace),
})
export type EffectiveSetting = z.infer<typeof EffectiveSetting>
