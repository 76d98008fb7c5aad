import type { ChangeResult } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { useApi } from '../../api/api-context.tsx'
import { showFailure } from '../../bans/show-failure.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast, type ToastOptions } from '../../ui/toast.tsx'

/** A change of a jail that is sent under an id, and the toast's button that undoes it. */
export type UndoableChange = {
  /** Returns a new id for a change of this jail. */
  begin: (name: string) => string
  /** Returns the button that undoes the change that was begun last; none where it waits to be confirmed: its notice has a button. */
  actionAfter: (result: Pick<ChangeResult, 'unconfirmed'>) => ToastOptions['action']
}

/** Returns an {@link UndoableChange}. */
export function useUndoableChange(): UndoableChange {
  const api = useApi()
  const client = useQueryClient()
  let last = { id: '', name: '' }
  const undo = async ({ id, name }: typeof last): Promise<void> => {
    try {
      const { note } = await api.operations.undo.mutate({ id })
      if (note === undefined) toast({ tone: 'ok', title: `${name} is as it was before` })
      else toast({ tone: 'danger', title: `${name} could not be loaded`, text: note })
    } catch (error) {
      showFailure('Not undone', error, () => void undo({ id, name }))
    } finally {
      await client.invalidateQueries({ queryKey: ['jails'] })
    }
  }
  return {
    begin(name) {
      last = { id: createOperationId(), name }
      return last.id
    },
    actionAfter({ unconfirmed }) {
      const change = last
      if (unconfirmed !== undefined) return undefined
      return { label: 'Undo', onSelect: () => void undo(change) }
    },
  }
}
