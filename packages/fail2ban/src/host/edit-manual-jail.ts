import { LISTS_JAIL, MANUAL_JAIL } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { decidingPlace, planOptions, type WantedOption } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { ConfigUnwritableError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { CommandError } from '../wire/encode-command.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import type { EditPlan } from './edit-plan.ts'
import { isOwn, isSet, shadowedOption } from './wanted-options.ts'

/** The jail reads nothing: polling /dev/null finds no lines, and needs no journal. */
const readsNothing = [
  { key: 'enabled', value: 'true' },
  { key: 'filter', value: '' },
  { key: 'logpath', value: '/dev/null' },
  { key: 'backend', value: 'polling' },
] as const satisfies readonly WantedOption[]

/**
 * How long each jail bans for. What lists have is banned anew as long as they have it, and ends by itself where nobody imports
 * them any more.
 */
const bantimes = { [MANUAL_JAIL]: '-1', [LISTS_JAIL]: '14d' } as const

type LoglessJail = keyof typeof bantimes

const uses: Readonly<Record<LoglessJail, string>> = {
  [MANUAL_JAIL]: 'manual bans',
  [LISTS_JAIL]: 'blocklists',
}

const optionsOf = (name: LoglessJail): readonly WantedOption[] => [
  ...readsNothing,
  { key: 'bantime', value: bantimes[name] },
]

/**
 * Plans the jail `bangui` or `blocklists`, with the action that all jails have by default.
 * @throws CommandError for another name, ConfigUnwritableError, ConfigUnreadableError
 */
export async function planManualJail(
  context: LocalHostContext,
  name: LoglessJail = MANUAL_JAIL,
): Promise<EditPlan> {
  if (!Object.hasOwn(bantimes, name)) throw new CommandError('BanGUI sets up no jail of this name.')
  const config = await readFail2banConfig(context.configDir)
  assertReadsNothing(config, name, context.configDir)
  const isOn = config.jail.sections.has(name) && isEnabled(config, name)
  const options = isOn ? [] : optionsOf(name).filter((option) => !isOwn(config, name, option))
  return {
    already: isOn && (await runsWherePossible(context, name)),
    plan: (draft) => planOptions(draft, name, options),
    findShadowingSetting: (changed) => shadowedOption(changed, { name, options, live: context.configDir }),
    jails: [name],
    steps: [{ jail: name, how: 'start' }],
  }
}

/** A jail of this name that somebody made, such as one that guards BanGUI's sign-in, is neither changed nor used for bans. */
function assertReadsNothing(config: Fail2banConfig, name: LoglessJail, live: string): void {
  const own = config.jail.sections.get(name)?.options
  for (const { key, value } of readsNothing) {
    if (key !== 'filter' && key !== 'logpath') continue
    if (!own?.has(key) || isSet(config, name, { key, value })) continue
    const found = decidingPlace(config, { name, key }, live)
    throw new ConfigUnwritableError(
      `The jail ${name} is in use for something else: ${found?.place ?? 'its configuration'} sets ${key} = ${found?.value ?? ''}. BanGUI needs this name for ${uses[name]}. Rename that jail, for example to ${name}-${name === MANUAL_JAIL ? 'login' : 'own'}, reload fail2ban, and set the jail up again.`,
    )
  }
}

async function runsWherePossible(context: LocalHostContext, name: string): Promise<boolean> {
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name)
}
