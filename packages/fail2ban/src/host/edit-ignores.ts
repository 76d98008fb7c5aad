import { isJailName, isWholeFamily, parseIgnorable } from '@bangui/shared'
import { hasJail } from '../config/list-jails.ts'
import { findShadowedIgnore, hasIgnores, planIgnores } from '../config/plan-ignores.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { JailUnknownError } from '../errors.ts'
import type { IgnoresEdit } from '../models/ignore-models.ts'
import { CommandError } from '../wire/encode-command.ts'
import type { EditPlan } from './edit-plan.ts'
import type { LocalHostContext } from './local-host-context.ts'

/** How many entries an edit adds or removes at most. */
const MAX_ENTRIES = 5_000

/**
 * Plans a change of ignore lists. A mistake in a jail is none of its business, since it loads nothing.
 * @throws CommandError for an entry that fail2ban cannot take, JailUnknownError, ConfigUnreadableError
 */
export async function planIgnoresEdit(
  { configDir }: LocalHostContext,
  { add, remove }: IgnoresEdit,
): Promise<EditPlan> {
  if (add.length + remove.length > MAX_ENTRIES)
    throw new CommandError(`At most ${MAX_ENTRIES} entries can be changed at once.`)
  for (const { entry } of [...add, ...remove]) assertIgnorable(entry)
  const config = await readFail2banConfig(configDir)
  for (const { jail } of add) if (jail !== null && !hasJail(config, jail)) throw new JailUnknownError(jail)
  const change = { add, remove }
  return {
    already: hasIgnores(config, change),
    plan: (draft) => planIgnores(draft, change),
    findShadowingSetting: (changed) => findShadowedIgnore(changed, change, configDir),
    jails: [],
    steps: [],
  }
}

/** @throws CommandError for an entry that is not canonical, and for a network of length 0, which fail2ban takes for one address */
export function assertIgnorable(entry: string): void {
  const found = parseIgnorable(entry)
  if (found?.text !== entry)
    throw new CommandError('That is no address, network or host name in canonical form.')
  if (found.address !== null && isWholeFamily(found.address))
    throw new CommandError('fail2ban takes a network of length 0 for a single address.')
}

/** @throws JailUnknownError for a text that no jail is named */
export function assertJailName(jail: string): void {
  if (!isJailName(jail)) throw new JailUnknownError(jail)
}
