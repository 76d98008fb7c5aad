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
  /** the place that decides is in `[DEFAULT]`, not in the section itself */
  inherited: z.boolean().optional(),
  /** fail2ban does not know this name, and nothing uses it: the option that was probably meant */
  meant: z.string().optional(),
  /** of an option of `[DEFAULT]`: the jails that set it themselves, so that this value does not reach them */
  ownIn: z.array(z.string()).optional(),
  /** there is a value, for administrators only; every text is empty then */
  hidden: z.boolean().optional(),
})
export type EffectiveSetting = z.infer<typeof EffectiveSetting>

const MAX_NAME_LENGTH = 256

/** `name`: of the jail, the filter or the action. */
export const EffectiveInput = z
  .object({ scope: ConfigScope, name: z.string().min(1).max(MAX_NAME_LENGTH).optional() })
  .refine(
    ({ scope, name }) => (name === undefined) === (scope === 'default' || scope === 'fail2ban'),
    'Jails, filters and actions have a name; [DEFAULT] and fail2ban itself have none.',
  )
export type EffectiveInput = z.infer<typeof EffectiveInput>
