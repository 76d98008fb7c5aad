import { MANUAL_JAIL } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { decidingPlace, planOptions, type WantedOption } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { ConfigUnwritableError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import type { EditPlan } from './edit-plan.ts'
import { isOwn, isSet, shadowedOption } from './wanted-options.ts'

/** The jail reads nothing: polling /dev/null finds no lines, and needs no journal. */
const manualJailOptions = [
  { key: 'enabled', value: 'true' },
  { key: 'filter', value: '' },
  { key: 'logpath', value: '/dev/null' },
  { key: 'backend', value: 'polling' },
  { key: 'bantime', value: '-1' },
] as const satisfies readonly WantedOption[]

/**
 * Plans the jail `bangui`, with the action that all jails have by default.
 * @throws ConfigUnwritableError, ConfigUnreadableError
 */
export async function planManualJail(context: LocalHostContext): Promise<EditPlan> {
  const name = MANUAL_JAIL
  const config = await readFail2banConfig(context.configDir)
  assertReadsNothing(config, context.configDir)
  const isOn = config.jail.sections.has(name) && isEnabled(config, name)
  const options = isOn ? [] : manualJailOptions.filter((option) => !isOwn(config, name, option))
  return {
    already: isOn && (await runsWherePossible(context, name)),
    plan: (draft) => planOptions(draft, name, options),
    findShadowingSetting: (changed) => shadowedOption(changed, { name, options, live: context.configDir }),
    jails: [name],
    steps: [{ jail: name, how: 'start' }],
  }
}

/** A jail of this name that somebody made, such as one that guards BanGUI's sign-in, is neither changed nor used for bans. */
function assertReadsNothing(config: Fail2banConfig, live: string): void {
  const own = config.jail.sections.get(MANUAL_JAIL)?.options
  for (const { key, value } of manualJailOptions) {
    if (key !== 'filter' && key !== 'logpath') continue
    if (!own?.has(key) || isSet(config, MANUAL_JAIL, { key, value })) continue
    const found = decidingPlace(config, { name: MANUAL_JAIL, key }, live)
    throw new ConfigUnwritableError(
      `The jail ${MANUAL_JAIL} is in use for something else: ${found?.place ?? 'its configuration'} sets ${key} = ${found?.value ?? ''}. BanGUI needs this name for manual bans. Rename that jail, for example to ${MANUAL_JAIL}-login, reload fail2ban, and set the jail up again.`,
    )
  }
}

async function runsWherePossible(context: LocalHostContext, name: string): Promise<boolean> {
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name)
}
