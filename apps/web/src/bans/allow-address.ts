import { showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../api/errors.ts'
import { useStatsApi } from '../api/stats-api.ts'
import { plural } from '../lib/format.ts'
import { createOperationId } from '../lib/operation-id.ts'
import { toast } from '../ui/toast.tsx'
import { showFailure } from './show-failure.ts'

export type Allowing = {
  address: string
  /** @default every jail */
  jail?: string | undefined
  /** for how long, in milliseconds @default it does not end */
  spanMs?: number | undefined
}

const changedKeys = ['ignores', 'bans', 'addresses', 'jails']

/**
 * Returns a function that puts an address on the allow list and ends the bans that it covers, shows a toast, and offers to undo
 * it for ten seconds.
 */
export function useAllow() {
  const api = useStatsApi()
  const client = useQueryClient()
  const refresh = () => Promise.all(changedKeys.map((key) => client.invalidateQueries({ queryKey: [key] })))
  const takeBack = useUndoAllow()

  const allow = async (allowed: Allowing, insist: { force?: boolean } = {}): Promise<void> => {
    const { address, jail, spanMs } = allowed
    const operationId = createOperationId()
    try {
      const { unbanned, problems } = await api.ignores.add.mutate({
        address,
        jail: jail ?? null,
        expiresAt: spanMs === undefined ? null : Date.now() + spanMs,
        unban: true,
        operationId,
        ...insist,
      })
      const ended = unbanned > 0 ? [`${plural(unbanned, 'ban has', 'bans have')} ended.`] : []
      toast({
        tone: problems.length === 0 ? 'ok' : 'warning',
        title: `${showHidden(address)} is never banned${jail === undefined ? '' : ` in ${showHidden(jail)}`}`,
        text: [...ended, ...problems].map(showHidden).join(' ') || 'It is on the allow list.',
        action: {
          label: 'Undo',
          onSelect: () => void takeBack(operationId, `${showHidden(address)} removed from the allow list`),
        },
      })
    } catch (error) {
      const { reason, message } = describeError(error)
      const title = `${showHidden(address)} was not added to the allow list`
      if (reason === 'ignore_too_wide') offerForce(title, message, () => void allow(allowed, { force: true }))
      else showFailure(title, error, () => void allow(allowed, insist))
    } finally {
      await refresh()
    }
  }
  return allow
}

/** Returns a function that undoes a change of the allow list, and says so in a toast. */
export function useUndoAllow() {
  const api = useStatsApi()
  const client = useQueryClient()
  return async function undo(operation: string, done: string): Promise<void> {
    try {
      await api.operations.undo.mutate({ id: operation })
      toast({ tone: 'ok', title: done })
    } catch (error) {
      showFailure('The change of the allow list was not undone', error, () => void undo(operation, done))
    } finally {
      await Promise.all(changedKeys.map((key) => client.invalidateQueries({ queryKey: [key] })))
    }
  }
}

/** Says why a network is not added, and offers to add it anyway. */
function offerForce(title: string, text: string, insist: () => void): void {
  const action = { label: 'Add it anyway', onSelect: insist }
  toast({ tone: 'warning', title, text, duration: 15_000, action })
}
