import type { ConfigScope, EffectiveSetting } from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { jailArgument, listRunningJails, readVersion } from '../commands.ts'
import { readDefinitions, readNamed } from '../config/definitions.ts'
import { effectiveSettings } from '../config/effective-settings.ts'
import { evaluatedSeconds } from '../config/evaluated-seconds.ts'
import { hasJail, parseWhole } from '../config/list-jails.ts'
import { isYes } from '../config/options.ts'
import type { Fail2banConfig } from '../config/config-model.ts'
import { Fail2banCommandError, Fail2banUnavailableError, JailUnknownError } from '../errors.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'

/** The settings of a jail that every version of fail2ban returns. */
const readable = [
  'bantime',
  'findtime',
  'maxretry',
  'maxmatches',
  'maxlines',
  'usedns',
  'ignoreself',
] as const

type Readable = (typeof readable)[number]

/** The values that the daemon has for a jail, as it returns them. */
type InForce = ReadonlyMap<string, unknown>

/**
 * Returns the effective settings of a part of the configuration, with every place that sets each, and for a running jail the values
 * that the daemon has instead. Empty: there is no such filter or action.
 * @throws JailUnknownError, ConfigUnreadableError
 */
export async function listSettings(
  context: LocalHostContext,
  scope: ConfigScope,
  name: string | null,
): Promise<EffectiveSetting[]> {
  const { config } = await context.configReader.read()
  if (scope === 'jail') {
    if (name === null || !hasJail(config, name)) throw new JailUnknownError(name ?? '')
    return listJailSettings(context, config, name)
  }
  const hasFile = scope === 'filter' || scope === 'action'
  if (hasFile && name === null) return []
  const definitions = hasFile ? await readNamed(config, [`${scope}.d/${name}`]) : new Map()
  return effectiveSettings({ config, definitions }, { scope, name: name ?? '' })
}

/** As {@link listSettings}, of a jail that the configuration has. */
export async function listJailSettings(
  context: Pick<LocalHostContext, 'connection'>,
  config: Fail2banConfig,
  name: string,
): Promise<EffectiveSetting[]> {
  const [definitions, version] = await Promise.all([
    readDefinitions(config, [name]),
    readVersionIfUp(context),
  ])
  const replacesConditional = version === null || capabilitiesOf(version).conditionalParameters
  const settings = effectiveSettings({ config, definitions, replacesConditional }, { scope: 'jail', name })
  if (version === null) return settings
  const inForce = await readInForce(context, name)
  return settings.map((setting) =>
    setting.section === name ? { ...setting, inForce: differenceOf(setting, inForce) } : setting,
  )
}

/** Null: the daemon cannot be reached, or does not answer. */
const readVersionIfUp = ({ connection }: Pick<LocalHostContext, 'connection'>) =>
  readVersion(connection, deadlines.read).catch((error: unknown) => {
    if (error instanceof Fail2banUnavailableError) return null
    throw error
  })

async function readInForce(
  { connection }: Pick<LocalHostContext, 'connection'>,
  jail: string,
): Promise<InForce> {
  const values = new Map<string, unknown>()
  try {
    if (!(await listRunningJails(connection, deadlines.read)).includes(jail)) return values
    const read = (key: Readable) => connection.request(['get', jailArgument(jail), key])
    const found = await Promise.all(readable.map(read))
    for (const [index, key] of readable.entries()) values.set(key, found[index])
  } catch (error) {
    // the jail was stopped meanwhile, or the daemon ended
    if (!(error instanceof Fail2banCommandError) && !(error instanceof Fail2banUnavailableError)) throw error
  }
  return values
}

/** Returns the value in force where it differs from that of the files; null: it does not, or nobody knows. */
function differenceOf({ key, value }: EffectiveSetting, inForce: InForce): string | null {
  const now = inForce.get(key)
  if (typeof now === 'boolean') return isYes(value) === now ? null : String(now)
  if (key === 'usedns') return lookupOf(value) === now || typeof now !== 'string' ? null : now
  if (typeof now !== 'number') return null
  const configured = numberOf(key, value)
  return configured === undefined || configured === now ? null : String(now)
}

/** fail2ban takes every other word for no (`setUseDns` in `filter.py`). */
const lookupOf = (value: string): string => {
  const word = value.toLowerCase()
  return ['yes', 'warn', 'raw'].includes(word) ? word : 'no'
}

function numberOf(key: string, value: string): number | undefined {
  if (key !== 'bantime' && key !== 'findtime') return parseWhole(value)
  const found = evaluatedSeconds(value)
  if (found.kind !== 'number') return undefined
  return key === 'bantime' ? Math.trunc(found.value) : found.value
}
