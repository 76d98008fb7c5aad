import { hasJail } from '../config/list-jails.ts'
import { planOptions } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { JailUnknownError } from '../errors.ts'
import type { SettingsEdit } from '../models/edit-models.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { EditPlan } from './edit-plan.ts'
import { isSet, shadowedOption, wantedOptions } from './wanted-options.ts'

/**
 * Plans new settings of a jail: what was changed until the next load stays in effect after this one, but for what the edit
 * gives up. @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function planSettings(
  { configDir }: LocalHostContext,
  { jail, settings, giveUp = [] }: SettingsEdit,
): Promise<EditPlan> {
  const wanted = wantedOptions(settings)
  const config = await readFail2banConfig(configDir)
  if (!hasJail(config, jail)) throw new JailUnknownError(jail)
  return {
    already: wanted.every((option) => isSet(config, jail, option)),
    plan: (draft) =>
      planOptions(
        draft,
        jail,
        wanted.filter((option) => !isSet(draft.config, jail, option)),
      ),
    findShadowingSetting: (changed) =>
      shadowedOption(changed, { name: jail, options: wanted, live: configDir }),
    jails: isEnabled(config, jail) ? [jail] : [],
    steps: [{ jail, how: 'reload' }],
    tuning: { jail, settings, giveUp },
  }
}
