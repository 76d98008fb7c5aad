import type { SavedChange } from '@bangui/shared'
import { planOptions, type WantedOption } from '../config/plan-options.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { isEnabled } from '../config/switch-jail.ts'
import type { HostContext } from './context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { assertMayChange, saveChange, stageChange } from './stage-change.ts'
import { isOwn, shadowedOption } from './wanted-options.ts'

/** The jail for bans by hand that last longer than a jail's own. */
const MANUAL_JAIL = 'bangui'

/** It reads nothing: polling never looks at who else writes to /dev/null, and needs no journal. */
const manualJailOptions: readonly WantedOption[] = [
  { key: 'enabled', value: 'true' },
  { key: 'filter', value: '' },
  { key: 'logpath', value: '/dev/null' },
  { key: 'backend', value: 'polling' },
  { key: 'bantime', value: '-1' },
]

/**
 * Prepares the jail `bangui`, with the action that all jails have by default. Undefined: it is there and on.
 * @throws ConfigRefusedError, ConfigUnwritableError, ConfigReadOnlyError
 */
export async function prepareManualJail(context: HostContext): Promise<SavedChange | undefined> {
  assertMayChange(context)
  const name = MANUAL_JAIL
  const config = await readFail2banConfig(context.configDir)
  const isOn = config.jail.sections.has(name) && isEnabled(config, name)
  if (isOn && (await runsWherePossible(context, name))) return undefined
  const options = isOn ? [] : manualJailOptions.filter((option) => !isOwn(config, name, option))
  const change = { name, enabled: true, kind: 'activate' } as const
  const staged = await stageChange(context, {
    ...change,
    plan: (current) => planOptions(current, name, options),
    whatStillWins: (changed) => shadowedOption(changed, { name, options, live: context.configDir }),
  })
  return saveChange(context, change, staged)
}

async function runsWherePossible(context: HostContext, name: string): Promise<boolean> {
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name)
}
