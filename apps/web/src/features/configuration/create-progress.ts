import type { ConfigApplied, Operation, UnconfirmedChange } from '@bangui/shared'
import { createEffect, createMemo, createSignal } from 'solid-js'
import { useApi } from '../../api/api-context.tsx'
import { useLive } from '../../live/live-store.tsx'

/** How a change gets on: it is `applying`, was loaded and is `waiting` to be confirmed, and then `kept` or `rolled_back`. */
export type ApplyPhase = 'applying' | 'waiting' | 'kept' | 'rolled_back'

/** What a change that is waiting was applied with. */
type Waiting = Pick<ConfigApplied, 'output' | 'firewall'> & { readonly id: string; readonly seen: boolean }

/** Follows a change of this page through its operation, and through the state of the host once it was loaded. */
export function createProgress() {
  const live = useLive()
  const api = useApi()
  const [operationId, setOperationId] = createSignal<string>()
  const [waiting, setWaiting] = createSignal<Waiting>()
  const operation = (): Operation | undefined => live.operations[operationId() ?? '']
  const unconfirmed = (): UnconfirmedChange | undefined => {
    const change = live.runtime?.unconfirmedChange
    return change && change.id === waiting()?.id ? change : undefined
  }
  createEffect(() => {
    const current = waiting()
    if (current && !current.seen && unconfirmed()) setWaiting({ ...current, seen: true })
  })
  const phase = createMemo((before: ApplyPhase | undefined): ApplyPhase | undefined => {
    const change = waiting()
    // the recovery that says so may be dismissed
    if (change && before === 'rolled_back') return before
    if (!change) return operationId() === undefined ? undefined : 'applying'
    if (live.runtime?.pendingRecovery?.changeId === change.id) return 'rolled_back'
    return unconfirmed() || !change.seen ? 'waiting' : 'kept'
  })
  return {
    phase,
    operation,
    unconfirmed,
    /** what fail2ban said about the load */
    output: () => waiting()?.output ?? null,
    begin: (id: string) => setOperationId(id),
    /** Cancels the change: nothing is written yet. */
    cancel: () => api.operations.cancel.mutate({ id: operationId() ?? '' }),
    /** of the jails that were restarted */
    firewall: () => waiting()?.firewall ?? [],
    wait: (id: string, { output, firewall }: ConfigApplied) =>
      setWaiting({ id, output, firewall, seen: false }),
  }
}

export type Progress = ReturnType<typeof createProgress>
