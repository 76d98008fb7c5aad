import { useQueryClient } from '@tanstack/solid-query'
import { describeError } from '../../api/errors.ts'
import { toast } from '../../ui/toast.tsx'
import { alertQueries } from './queries.ts'

/** Returns a function that waits for a change, loads everything about alerts again, and reports a failure. */
export function useAlertChange(): (change: Promise<unknown>, failed: string) => Promise<boolean> {
  const client = useQueryClient()
  return async (change, failed) => {
    try {
      await change
      return true
    } catch (error) {
      toast({ tone: 'danger', title: failed, text: describeError(error).message })
      return false
    } finally {
      await client.invalidateQueries({ queryKey: alertQueries.all })
    }
  }
}
