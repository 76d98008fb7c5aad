import { fail2banCatalogue } from './catalogue/fail2ban-options.ts'
import type { Fail2banConfig } from './config-model.ts'
import { interpolate } from './interpolate.ts'
import type { Fault } from './jail-faults.ts'
import { configuredJails } from './list-jails.ts'

/** The options that fail2ban reads of every jail, enabled or not (`jailreader.py`). */
const readOfEveryJail = ['enabled', 'backend', 'filter']

const threadOption = ['Thread', 'stacksize'] as const

/** A fault and the jail that it is about; null: fail2ban itself. */
type JailFault = Fault & { readonly jail: string | null }

/** Returns the faults of enabled jails that keep fail2ban from starting, in the order in which fail2ban finds them. */
export function findFolderFaults(
  config: Fail2banConfig,
  faultsOf: ReadonlyMap<string, readonly Fault[]>,
): JailFault[] {
  const own = [...fail2banCatalogue.map(({ key }) => ['Definition', key] as const), threadOption].flatMap(
    ([section, key]) => faultOf(interpolate(config.fail2ban, section, key), null),
  )
  const jails = configuredJails(config).flatMap(({ name, enabled }) => {
    if (!enabled) return readOfEveryJail.flatMap((key) => faultOf(interpolate(config.jail, name, key), name))
    const faults = faultsOf.get(name) ?? []
    return faults.filter(({ effect }) => effect === 'folder').map((fault) => ({ ...fault, jail: name }))
  })
  return [...own, ...jails]
}

function faultOf(found: ReturnType<typeof interpolate>, jail: string | null): JailFault[] {
  if (found === undefined || found.problem === null) return []
  const { file = null, line = null } = found.culprit ?? {}
  return [{ message: found.problem, file, line, effect: 'folder', jail }]
}
