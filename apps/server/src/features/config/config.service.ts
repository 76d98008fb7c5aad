import { catalogue, type CatalogueOption, type ConfigWrite, grammarOf } from '@bangui/fail2ban'
import type {
  ConfigFile,
  ConfigFiles,
  ConfigParts,
  EffectiveInput,
  EffectiveSetting,
  Role,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { redactEffective, redactFile } from '../../redact-by-role.ts'

type ConfigDeps = Pick<HostDeps, 'host'>

/** Returns the jails, filters and actions of the configuration. */
export const getParts = ({ host }: ConfigDeps): Promise<ConfigParts> => host.config.listParts()

/** Returns the files of the configuration folder, and how much of them BanGUI may change. */
export const getFiles = async ({
  host,
  config,
}: Pick<HostDeps, 'host' | 'config'>): Promise<ConfigFiles & { readonly write: ConfigWrite }> => ({
  ...(await host.config.listFiles()),
  write: config.configWrite,
})

/** Returns the text of a file, as far as the role may see it. @throws not_found */
export async function getFile({ host }: ConfigDeps, path: string, role: Role): Promise<ConfigFile> {
  const file = await host.config.readFile(path)
  if (file === null) throw new AppError('not_found')
  return redactFile(file, role)
}

/** Returns the effective settings of a part of the configuration, as far as the role may see them. @throws not_found */
export async function getEffective(
  { host }: ConfigDeps,
  { scope, name }: EffectiveInput,
  role: Role,
): Promise<{ settings: EffectiveSetting[] }> {
  const settings = await host.config.listSettings(scope, name ?? null)
  // a filter or an action that has a file has a setting
  if (settings.length === 0 && (scope === 'filter' || scope === 'action')) throw new AppError('not_found')
  return { settings: redactEffective(settings, role) }
}

/** Returns what is known of every option that fail2ban reads, by where it stands, with the plain values that it can have. */
export const getOptions = () => ({
  jail: catalogue.jail.map(describeOption),
  filter: catalogue.filter.map(describeOption),
  action: catalogue.action.map(describeOption),
  fail2ban: catalogue.fail2ban.map(describeOption),
})

const describeOption = (option: CatalogueOption) => {
  const { says, pattern } = grammarOf(option)
  return { ...option, grammar: { says, pattern: pattern ?? null } }
}
