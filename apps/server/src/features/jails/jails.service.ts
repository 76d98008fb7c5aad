import type { ApplyOutcome } from '@bangui/fail2ban'
import type {
  ChangeResult,
  Jail,
  JailDetail,
  LastActivation,
  Role,
  SavedChange,
  SwitchPreview,
} from '@bangui/shared'
import type { Deps } from '../../deps.ts'
import { withHarm } from '../recovery/harm-record.ts'
import { visibleSettings } from './visible-settings.ts'

type JailDeps = Pick<Deps, 'host' | 'jails' | 'state' | 'monitor' | 'clock' | 'log'>

/** How long a listing waits for the daemon before the last known list is given, in milliseconds. */
const LIST_PATIENCE = 1_500

/** Every jail that the configuration knows; with a daemon that does not answer, as last known. */
export async function listJails(deps: Pick<Deps, 'jails' | 'state'>): Promise<readonly Jail[]> {
  const known = deps.jails.store.get()
  const fresh = deps.jails.refresh()
  if (!known) return fresh
  const { online, responding } = deps.state.get().serverStatus
  if (online && !responding) {
    fresh.catch(() => undefined)
    return known
  }
  let timer: NodeJS.Timeout | undefined
  const last = new Promise<readonly Jail[]>((resolve) => {
    timer = setTimeout(() => resolve(deps.jails.store.get() ?? known), LIST_PATIENCE)
  })
  try {
    return await Promise.race([fresh, last])
  } finally {
    clearTimeout(timer)
    fresh.catch(() => undefined)
  }
}

/** One jail, with its settings as far as the role may see them. */
export async function getJail(deps: Pick<Deps, 'host'>, name: string, role: Role): Promise<JailDetail> {
  const jail = await deps.host.getJail(name)
  return { ...jail, settings: visibleSettings(jail.settings, role) }
}

export const previewSwitch = (
  deps: Pick<Deps, 'host'>,
  name: string,
  enabled: boolean,
): Promise<SwitchPreview> => deps.host.previewSwitch(name, enabled)

/** Switches a jail on or off: staged, tested, rehearsed and saved; then recorded as an activation and applied. */
export async function switchJail(deps: JailDeps, name: string, enabled: boolean): Promise<ChangeResult> {
  const change = await deps.host.prepareSwitch(name, enabled)
  if (!change) return { applied: true, files: [], output: null }
  const before = deps.state.get()
  await record(deps, change).catch(async (error: unknown) => {
    await takeBack(deps, change, before.lastActivation).catch(() => undefined)
    throw error
  })
  const outcome = await deps.monitor
    .during('loading', () => deps.host.applyChange(change.id))
    .catch(async (error: unknown) => {
      await afterFailure(deps, change, before.lastActivation)
      throw error
    })
  // what was undone can do no harm any more
  if (!outcome.applied && !outcome.harm) await takeBack(deps, change, before.lastActivation)
  await afterLoad(deps, change, outcome)
  return { applied: outcome.applied, files: outcome.files, output: outcome.output }
}

const record = (deps: JailDeps, change: SavedChange) =>
  deps.state.update((state) => ({
    ...state,
    lastActivation: { jailName: change.jailName, at: deps.clock(), changeId: change.id },
    activationConfirmed: false,
  }))

/** A load that threw may have happened: its record stays while the daemon is down, and is taken back otherwise. */
async function afterFailure(
  deps: JailDeps,
  change: SavedChange,
  previous: LastActivation | null,
): Promise<void> {
  deps.monitor.watchClosely()
  const status = await deps.monitor.probe()
  if (status.online) await takeBack(deps, change, previous)
}

const takeBack = (deps: JailDeps, change: SavedChange, previous: LastActivation | null) =>
  deps.state.update((state) =>
    state.lastActivation?.changeId === change.id ? { ...state, lastActivation: previous } : state,
  )

async function afterLoad(deps: JailDeps, change: SavedChange, outcome: ApplyOutcome): Promise<void> {
  const now = deps.clock()
  const { harm } = outcome
  await deps.state.update((state) => {
    const current = state.lastActivation?.changeId === change.id ? state.lastActivation : null
    // a load can take long: the window begins when it has returned
    const loaded = current ? { ...state, lastActivation: { ...current, at: now } } : state
    if (!harm) return loaded
    return withHarm(loaded, {
      jailName: change.jailName,
      activatedAt: current?.at ?? now,
      detectedAt: now,
      cause: harm.cause,
      missingJails: [...harm.missingJails],
      changeId: change.id,
    })
  })
  deps.monitor.watchClosely()
  await deps.monitor.probe()
  await deps.jails.refresh().catch((error: unknown) => {
    deps.log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
}
