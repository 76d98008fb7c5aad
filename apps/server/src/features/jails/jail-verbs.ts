import { isHostError } from '@bangui/fail2ban'
import type { ChangeResult, Role } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { redactErrors, redactOutput } from '../../redact-by-role.ts'
import { refuseDuringRollback, refuseWhileUnconfirmed } from '../recovery/recovery.service.ts'
import { recordFailedLoad } from '../server/server.service.ts'
import type { ApplyDeps } from './make-change.ts'
import { jailNotThere } from './jail-not-there.ts'

const done: ChangeResult = { applied: true, files: [], output: null }

/** Starts a jail that the configuration has, as it stands there. */
export const startJail = (deps: ApplyDeps, name: string, role: Role): Promise<ChangeResult> =>
  loading(deps, role, async () => {
    refuseWhileUnconfirmed(deps)
    await deps.host.jails.start(name)
    await deps.jails.stopped.remove(name)
    await deps.jails.idle.remove(name)
    return done
  })

/** Stops a jail until it is loaded again, which ends its bans. The jail does not count as missing. */
export const stopJail = (deps: ApplyDeps, name: string, role: Role): Promise<ChangeResult> =>
  loading(deps, role, async () => {
    const stopping = running(deps, name, () => deps.host.jails.stop(name))
    await stopping.catch(async (error: unknown) => {
      // the outcome is unknown; a jail that is seen running is removed from the list
      if (isHostError(error, 'outcome_unknown')) await deps.jails.stopped.add(name, deps.clock())
      throw error
    })
    await deps.jails.stopped.add(name, deps.clock())
    return done
  })

/** Loads the configuration of a jail again; jails that should run then and do not become a pending recovery. */
export async function reloadJail(deps: ApplyDeps, name: string, role: Role): Promise<ChangeResult> {
  const outcome = await loading(deps, role, async () => {
    refuseWhileUnconfirmed(deps)
    const loaded = await deps.host.jails.reload(name)
    if (loaded.ok) await deps.jails.idle.remove(name)
    return loaded
  })
  await redactErrors(role, () => recordFailedLoad(deps, outcome))
  return { ...done, applied: outcome.ok, output: redactOutput(outcome.output, role) }
}

/** Sets a jail idle, or active again: an idle jail finds, bans and unbans nothing. */
export async function setIdle(deps: ApplyDeps, name: string, idle: boolean): Promise<ChangeResult> {
  refuseDuringRollback(deps)
  const { idle: idleJails } = deps.jails
  const setting = running(deps, name, () => deps.host.jails.setIdle(name, idle))
  await setting.catch(async (error: unknown) => {
    // the outcome is unknown: assume idle, the safer error
    if (idle && isHostError(error, 'outcome_unknown')) await idleJails.add(name, deps.clock())
    throw error
  })
  if (idle) await idleJails.add(name, deps.clock())
  else await idleJails.remove(name)
  await refresh(deps)
  return done
}

/** Runs what needs a running jail. @throws AppError jail_not_running, jail_unknown */
export async function running<TResult>(
  deps: Pick<HostDeps, 'jails'>,
  name: string,
  work: () => Promise<TResult>,
): Promise<TResult> {
  try {
    return await work()
  } catch (error) {
    throw isHostError(error, 'jail_unknown') ? await jailNotThere(deps, name, error) : error
  }
}

async function loading<TResult>(deps: ApplyDeps, role: Role, work: () => Promise<TResult>): Promise<TResult> {
  refuseDuringRollback(deps)
  try {
    return await redactErrors(role, () =>
      deps.monitor.withActivity('loading', () => work().finally(() => refresh(deps))),
    )
  } finally {
    deps.monitor.probeOften()
    await deps.monitor.probe()
  }
}

const refresh = ({ jails, log }: Pick<HostDeps, 'jails' | 'log'>) =>
  jails.refresh().catch((error: unknown) => {
    log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
