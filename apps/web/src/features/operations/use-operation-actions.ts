import { type Operation, showHidden, type UndoResult } from '@bangui/shared'
import { describeError } from '../../api/errors.ts'
import { useStatsApi } from '../../api/stats-api.ts'
import { describeResult } from '../../bans/ban-toasts.ts'
import { showFailure } from '../../bans/show-failure.ts'
import { describeUndone, describeUndoneBan } from '../../bans/undo-unbans.ts'
import { toast, type ToastOptions } from '../../ui/toast.tsx'

/** Returns functions that continue and undo an operation, and say how that went. Neither rejects; both return whether it was done. */
export function useOperationActions() {
  const api = useStatsApi()

  const goOn = async (operation: Operation): Promise<boolean> => {
    try {
      toast(describeResult(await api.operations.resume.mutate({ id: operation.id })))
      return true
    } catch (error) {
      if (describeError(error).reason === 'resume_none')
        toast({ title: 'Nothing to continue', text: 'Somebody has continued or undone this operation.' })
      else showFailure('Not continued', error, () => void goOn(operation))
      return false
    }
  }

  const undo = async (operation: Operation): Promise<boolean> => {
    try {
      toast(describe(operation, await api.operations.undo.mutate({ id: operation.id })))
      return true
    } catch (error) {
      if (describeError(error).reason === 'undo_none')
        toast({
          title: 'Nothing to undo',
          text: 'The result of this operation has ended, or somebody has changed or undone it since.',
        })
      else showFailure('Not undone', error, () => void undo(operation))
      return false
    }
  }

  return { goOn, undo }
}

function describe({ kind, title }: Operation, result: UndoResult): ToastOptions {
  if (kind === 'ban') return describeUndoneBan(result)
  if (kind === 'unban') return describeUndone([], result)
  if (result.note !== undefined)
    return { tone: 'danger', title: 'The undo did not work completely', text: result.note }
  return { tone: 'ok', title: `Undone: ${showHidden(title)}` }
}
