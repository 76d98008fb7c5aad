import { type FilterTest, showHidden } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { useApi } from '../api/api-context.tsx'
import { describeError } from '../api/errors.ts'
import { toast } from '../ui/toast.tsx'

/** Returns the function that keeps a line as a test of a filter. */
export function useAddFilterTest() {
  const api = useApi()
  const client = useQueryClient()
  return async (test: Pick<FilterTest, 'filter' | 'mode' | 'line' | 'address'>): Promise<void> => {
    try {
      await api.config.addFilterTest.mutate(test)
      await client.invalidateQueries({ queryKey: ['config', 'filter-tests', test.filter] })
      toast({ tone: 'ok', title: `The line is kept as a test of ${showHidden(test.filter)}.` })
    } catch (error) {
      toast({ tone: 'danger', title: 'The line was not kept as a test', text: describeError(error).message })
    }
  }
}
