import * as z from 'zod'

/** What a rule can be about. */
export const AlertRuleKind = z.enum([
  'daemon_down',
  'recovery_pending',
  'jail_missing',
  'action_failing',
  'health',
  'bans_above',
  'address_of_interest',
  'blocklist',
  'sign_in',
  'config_changed_outside',
])
export type AlertRuleKind = z.infer<typeof AlertRuleKind>
