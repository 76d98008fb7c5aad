import type { ConfigScope, EffectiveSetting } from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { jailArgument, listRunningJails, readVersion } from '../commands.ts'
import { type Definitions, readDefinitions, readNamed } from '../config/definitions.ts'
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
  const [{ config }, version] = await Promise.all([context.configReader.read(), readVersionIfUp(context)])
  if (scope === 'jail' && (name === null || !hasJail(config, name))) throw new JailUnknownError(name ?? '')
  const definitions = await definitionsFor(config, scope, name ?? '')
  const replacesConditional = version === null || capabilitiesOf(version).conditionalParameters
  const source = { config, definitions, replacesConditional }
  const settings = effectiveSettings(source, { scope, name: name ?? '' })
  if (scope !== 'jail' || name === null || version === null) return settings
  const inForce = await readInForce(context, name)
  return settings.map((setting) =>
    setting.section === name ? { ...setting, inForce: differenceOf(setting, inForce) } : setting,
  )
}

async function definitionsFor(
  config: Fail2banConfig,
  scope: ConfigScope,
  name: string,
): Promise<Definitions> {
  if (scope === 'jail') return readDefinitions(config, [name])
  return scope === 'filter' || scope === 'action' ? readNamed(config, [`${scope}.d/${name}`]) : new Map()
}

/** Null: the daemon cannot be reached, or does not answer. */
const readVersionIfUp = ({ connection }: LocalHostContext) =>
  readVersion(connection, deadlines.read).catch((error: unknown) => {
    if (error instanceof Fail2banUnavailableError) return null
    throw error
  })

async function readInForce({ connection }: LocalHostContext, jail: string): Promise<InForce> {
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
  if (typeof now === 'string') return value === now ? null : now
  if (typeof now !== 'number') return null
  const configured = numberOf(key, value)
  return configured === undefined || configured === now ? null : String(now)
}

function numberOf(key: string, value: string): number | undefined {
  if (key !== 'bantime' && key !== 'findtime') return parseWhole(value)
  const found = evaluatedSeconds(value)
  if (found.kind !== 'number') return undefined
  return key === 'bantime' ? Math.trunc(found.value) : found.value
}
