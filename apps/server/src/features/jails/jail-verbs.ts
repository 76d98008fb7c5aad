import { isHostError, type LoadRequest } from '@bangui/fail2ban'
import type { ChangeResult, Role } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { redactErrors, redactOutput } from '../../redact-by-role.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'
import type { OperationHandle } from '../operations/operation.ts'
import { noteUnrecorded } from '../operations/unrecorded.ts'
import { makeChange, withoutId, type ApplyDeps } from './make-change.ts'
import { jailNotThere } from './jail-not-there.ts'

const done: ChangeResult = { applied: true, files: [], output: null }

/** Who loads a jail or everything, in which operation. */
export interface LoadingUser {
  readonly role: Role
  readonly operation: Pick<OperationHandle, 'id' | 'recordError'>
}

/**
 * Loads a jail as the configuration has it, all of them, or stops one until it is loaded again: a change without files.
 * What fail2ban refuses is a result, too. @throws AppError jail_not_running, jail_unknown
 */
export async function loadJails(
  deps: ApplyDeps,
  load: LoadRequest,
  { role, operation }: LoadingUser,
): Promise<ChangeResult> {
  refuseDuringRollback(deps)
  const name = 'all' in load ? '' : load.jail
  const made = await redactErrors(role, () =>
    running(deps, name, () =>
      makeChange(deps, { edits: [], load, title: titleOf(load), operationId: operation.id }),
    ),
  )
  const result = withoutId(made)
  return noteUnrecorded(operation, { ...result, output: redactOutput(result.output, role) })
}

const verbs = { start: 'Starting', stop: 'Stopping', reload: 'Reloading', restart: 'Restarting' } as const

/** Returns a few words for people, such as "Stopping jail sshd". */
export const titleOf = (load: LoadRequest): string =>
  'all' in load ? 'Reloading fail2ban' : `${verbs[load.how]} jail ${load.jail}`

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

const refresh = ({ jails, log }: Pick<HostDeps, 'jails' | 'log'>) =>
  jails.refresh().catch((error: unknown) => {
    log.debug({ event: 'jail_list_failed', err: error }, 'the jails could not be listed')
  })
