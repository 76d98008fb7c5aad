import { showHidden, type ListedIgnore } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { useUndoAllow } from '../../bans/allow-address.ts'
import { showFailure } from '../../bans/show-failure.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast } from '../../ui/toast.tsx'

/** Returns a function that removes an entry at once, and offers to undo it for ten seconds. */
export function useRemoveEntry() {
  const api = useApi()
  const client = useQueryClient()
  const undo = useUndoAllow()
  return async function remove(
    { id, address }: Pick<ListedIgnore, 'id' | 'address'>,
    force = false,
  ): Promise<void> {
    if (id === null) return
    const operationId = createOperationId()
    const name = showHidden(address)
    try {
      const { problems } = await api.ignores.remove.mutate({ id, force, operationId })
      toast({
        tone: problems.length === 0 ? 'ok' : 'warning',
        title: `${name} removed from the allow list`,
        ...(problems.length > 0 && { text: problems.map(showHidden).join(' ') }),
        action: {
          label: 'Undo',
          onSelect: () => void undo(operationId, `${name} is on the allow list again`),
        },
      })
    } catch (error) {
      const { reason, message } = describeError(error)
      const title = `${name} was not removed`
      if (reason === 'ignore_covers_you')
        toast({
          tone: 'warning',
          title,
          text: message,
          duration: 15_000,
          action: { label: 'Remove anyway', onSelect: () => void remove({ id, address }, true) },
        })
      else showFailure(title, error, () => void remove({ id, address }, force))
    } finally {
      await client.invalidateQueries({ queryKey: ['ignores'] })
    }
  }
}
