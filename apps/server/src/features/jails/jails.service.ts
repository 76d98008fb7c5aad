import { withTimeout } from '@bangui/async'
import type { ChangeResult, Jail, JailDetail, Role, SwitchPreview } from '@bangui/shared'
import { listPeople, lockOutOf } from '../config/people.ts'
import type { HostDeps } from '../../deps.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { redactSettings } from '../../redact-by-role.ts'
import { makeChange, withoutId, type ApplyDeps, type ChangeRequest } from './make-change.ts'
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

/** Returns what switching a jail on or off would do: the changed files, and the bans that end. */
export async function previewSwitch(
  deps: Pick<HostDeps, 'host' | 'database' | 'state' | 'clock'>,
  name: string,
  enabled: boolean,
): Promise<SwitchPreview> {
  const { host } = deps
  const people = await listPeople(deps)
  const [jail, preview] = await Promise.all([
    host.jails.get(name),
    host.config.preview({
      edits: [{ kind: 'switch', jail: name, enabled }],
      people: [...people.keys()],
    }),
  ])
  const { already, refused, refusedReason, readOnly, files, warnings } = preview
  return {
    name,
    enabled,
    already,
    refused,
    refusedReason,
    readOnly,
    files: [...files],
    warnings: [...warnings],
    bansEnding: enabled || already ? 0 : jail.currentlyBanned,
    ...lockOutOf(deps, preview, people),
  }
}

export interface JailSwitch {
  readonly name: string
  readonly enabled: boolean
  readonly operationId: string
  /** as for any change @default it is kept without a confirmation */
  readonly confirmer?: ChangeRequest['confirmer']
}

/** Switches a jail on or off. */
export async function switchJail(
  deps: ApplyDeps,
  { name, enabled, operationId, confirmer }: JailSwitch,
): Promise<ChangeResult> {
  const title = `${enabled ? 'Activating' : 'Deactivating'} jail ${name}`
  const edits = [{ kind: 'switch', jail: name, enabled }] as const
  return withoutId(await makeChange(deps, { edits, title, operationId, confirmer }))
}
