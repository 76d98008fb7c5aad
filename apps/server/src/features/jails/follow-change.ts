import { loadSteps, type BanComparison, type ChangeLoad } from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import type { OperationHandle } from '../operations/operation.ts'
import type { ChangeRequest, MadeChange } from './make-change.ts'

type FollowDeps = Pick<HostDeps, 'host' | 'jails' | 'log'>

/** The operation that shows how a change gets on. */
export type Following = Pick<OperationHandle, 'signal' | 'step' | 'commit'>

/** A change, and whether the firewall blocks the bans of the jails that it restarted. */
export interface FollowedChange {
  readonly made: MadeChange | undefined
  readonly firewall: readonly BanComparison[]
}

/**
 * Makes a change as an operation: its steps are shown, it can be cancelled until it is loaded, and afterwards the firewall is
 * compared with the bans of the jails that were restarted.
 * @throws the reason of the operation's signal, as `make` does
 */
export async function followChange(
  deps: FollowDeps,
  operation: Following,
  make: (hooks: Pick<ChangeRequest, 'onStaged'>) => Promise<MadeChange | undefined>,
): Promise<FollowedChange> {
  let load: ChangeLoad = []
  const onStaged: ChangeRequest['onStaged'] = async (staged) => {
    load = staged.load
    if (operation.signal.aborted) await deps.host.config.forget(staged.changeId)
    operation.signal.throwIfAborted()
    operation.commit()
  }
  const made = await withSteps(deps, operation, () => make({ onStaged }))
  const restarted = made?.applied === true ? restartedJails(deps, load) : []
  if (restarted.length === 0) return { made, firewall: [] }
  operation.step({ name: 'comparing', jail: null, done: 0, total: 0 })
  return { made, firewall: await deps.host.health.compareBans(restarted) }
}

/** Shows the steps that the host reports while `work` runs. */
async function withSteps<TResult>(
  { host, log }: FollowDeps,
  { step }: Following,
  work: () => Promise<TResult>,
): Promise<TResult> {
  const done = new AbortController()
  const follow = async () => {
    for await (const found of host.config.changeSteps({ signal: done.signal })) step(found)
  }
  const following = follow().catch((error: unknown) => {
    log.debug({ event: 'steps_not_followed', err: error }, 'the steps of a change cannot be shown')
  })
  try {
    return await work()
  } finally {
    done.abort()
    await following
  }
}

function restartedJails({ jails }: FollowDeps, load: ChangeLoad): string[] {
  if (load === 'daemon-restart')
    return (jails.store.get() ?? []).flatMap(({ name, running }) => (running ? [name] : []))
  return loadSteps(load).flatMap(({ jail, how }) => (how === 'restart' ? [jail] : []))
}
