import type { ConfigScope, EffectiveSetting } from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { jailArgument, listRunningJails, readVersion } from '../commands.ts'
import { readDefinitions, readNamed } from '../config/definitions.ts'
import { effectiveSettings } from '../config/effective-settings.ts'
import { differenceOf, type ValuesInForce } from '../config/in-force.ts'
import { hasJail } from '../config/list-jails.ts'
import type { Fail2banConfig } from '../config/config-model.ts'
import { Fail2banCommandError, Fail2banUnavailableError, JailUnknownError } from '../errors.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'

/** The settings of a jail that every version of fail2ban returns, and that can be compared with the files. */
const readable = [
  'bantime',
  'findtime',
  'maxretry',
  'maxmatches',
  'maxlines',
  'usedns',
  'ignoreself',
  'ignoreip',
  'ignorecommand',
  'logpath',
  'prefregex',
  'failregex',
  'ignoreregex',
] as const

/** The same of fail2ban itself. */
const readableOfDaemon = ['loglevel', 'logtarget', 'dbfile', 'dbpurgeage', 'dbmaxmatches'] as const

const noValues: ValuesInForce = new Map()

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
  const settings = effectiveSettings({ config, definitions }, { scope, name: name ?? '' })
  if (scope !== 'fail2ban') return settings
  const inForce = await readDaemonInForce(context)
  return settings.map((setting) => ({ ...setting, inForce: differenceOf(setting, inForce) }))
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
  // what the jail sets itself comes before its filter
  const own = new Set(
    settings.flatMap(({ section, key, isDefault }) => (section === name && !isDefault ? [key] : [])),
  )
  const isUsed = ({ section, key }: EffectiveSetting) =>
    section === name || (section.startsWith('filter.d/') && !own.has(key))
  return settings.map((setting) =>
    isUsed(setting) ? { ...setting, inForce: differenceOf(setting, inForce) } : setting,
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
): Promise<ValuesInForce> {
  return orNothing(async () => {
    if (!(await listRunningJails(connection, deadlines.read)).includes(jail)) return noValues
    return readValues(readable, (key) => connection.request(['get', jailArgument(jail), key]))
  })
}

const readDaemonInForce = ({ connection }: Pick<LocalHostContext, 'connection'>): Promise<ValuesInForce> =>
  orNothing(() =>
    readValues(readableOfDaemon, (key) => connection.request(['get', key], { deadline: deadlines.read })),
  )

async function readValues(
  keys: readonly string[],
  read: (key: string) => Promise<unknown>,
): Promise<ValuesInForce> {
  const found = await Promise.all(keys.map(read))
  return new Map(keys.map((key, index) => [key, found[index]]))
}

async function orNothing(read: () => Promise<ValuesInForce>): Promise<ValuesInForce> {
  try {
    return await read()
  } catch (error) {
    // the jail was stopped meanwhile, or the daemon ended
    if (error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError) return noValues
    throw error
  }
}
