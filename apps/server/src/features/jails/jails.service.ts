import { withTimeout } from '@bangui/async'
import type { ChangeResult, Jail, JailDetail, Role, SwitchPreview } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { redactSettings } from '../../redact-by-role.ts'
import { applyPrepared, type ApplyDeps } from './apply-prepared.ts'
import { withIdle } from './jail-list.ts'

/** How long a listing waits for the daemon before the last known list is returned. */
const LIST_TIMEOUT_MS = 1_500

interface JailListDeps {
  readonly scope: readonly Pick<HostContext, 'key' | 'jails' | 'state'>[]
  readonly isAll: boolean
}

/** Every jail that the configuration of each host knows; with a daemon that does not answer, as last known. */
export async function listJails({ scope, isAll }: JailListDeps): Promise<readonly Jail[]> {
  const ofHosts = await Promise.all(
    scope.map(async (host) => {
      if (!isAll) return listJailsOf(host)
      // a host whose jails cannot be listed is no reason to show none of the others
      const jails = await listJailsOf(host).catch(() => host.jails.store.get() ?? [])
      return jails.map((jail) => ({ ...jail, host: host.key }))
    }),
  )
  return ofHosts.flat()
}

async function listJailsOf(deps: Pick<HostContext, 'jails' | 'state'>): Promise<readonly Jail[]> {
  const known = deps.jails.store.get()
  const fresh = deps.jails.refresh()
  if (!known) return fresh
  const { online, responding } = deps.state.get().serverStatus
  if (online && !responding) {
    fresh.catch(() => undefined)
    return known
  }
  return withTimeout(() => fresh, {
    milliseconds: LIST_TIMEOUT_MS,
    onTimeout: () => deps.jails.store.get() ?? known,
  })
}

/** Returns one jail, with its settings as far as the role may see them. */
export async function getJail(
  deps: Pick<HostDeps, 'host' | 'jails'>,
  name: string,
  role: Role,
): Promise<JailDetail> {
  const jail = withIdle(await deps.host.jails.get(name), deps.jails.idle)
  return { ...jail, settings: redactSettings(jail.settings, role) }
}

export const previewSwitch = (
  deps: Pick<HostDeps, 'host'>,
  name: string,
  enabled: boolean,
): Promise<SwitchPreview> => deps.host.config.previewSwitch(name, enabled)

export interface JailSwitch {
  readonly name: string
  readonly enabled: boolean
  readonly operationId: string
}

/** Switches a jail on or off: staged, tested, rehearsed and saved; then recorded as an activation and applied. */
export const switchJail = async (
  deps: ApplyDeps,
  { name, enabled, operationId }: JailSwitch,
): Promise<ChangeResult> =>
  applyPrepared(deps, await deps.host.config.prepareSwitch(name, enabled), { operationId })
