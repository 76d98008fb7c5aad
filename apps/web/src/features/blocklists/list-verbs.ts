import type { Blocklist, UpdateBlocklistInput } from '@bangui/shared'
import { useQueryClient } from '@tanstack/solid-query'
import { useApi } from '../../api/api-context.tsx'
import { describeError } from '../../api/errors.ts'
import { plural } from '../../lib/format.ts'
import { createOperationId } from '../../lib/operation-id.ts'
import { toast } from '../../ui/toast.tsx'
import { blocklistQueries } from './queries.ts'

type Named = Pick<Blocklist, 'id' | 'name'>

/** What can be done with a list. Each reports its own errors and reads the lists again; returns whether it went well. */
export function createListVerbs() {
  const api = useApi()
  const client = useQueryClient()
  const run = async (failure: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work()
      return true
    } catch (error) {
      toast({ tone: 'danger', title: failure, text: describeError(error).message })
      return false
    } finally {
      await client.invalidateQueries({ queryKey: blocklistQueries.all })
    }
  }
  const operation = () => ({ operationId: createOperationId() })
  return {
    import: ({ id, name }: Named) =>
      run(`${name} was not imported`, () => api.blocklists.import.mutate({ id, ...operation() })),
    confirm: ({ id, name }: Named) =>
      run(`${name} was not imported`, () => api.blocklists.confirm.mutate({ id, ...operation() })),
    cancel: ({ id }: Named) => run('Not cancelled', () => api.blocklists.cancel.mutate({ id })),
    update: (change: UpdateBlocklistInput) =>
      run('The blocklist was not changed', () => api.blocklists.update.mutate(change)),
    unban: ({ id, name }: Named) =>
      run(`The bans of ${name} were not ended`, async () => {
        const { unbanned } = await api.blocklists.unban.mutate({ id, ...operation() })
        toast({ tone: 'ok', title: `${plural(unbanned, 'ban')} of ${name} ended` })
      }),
    remove: ({ id, name }: Named) =>
      run(`${name} was not removed`, async () => {
        await api.blocklists.remove.mutate({ id })
        toast({ tone: 'ok', title: `${name} removed` })
      }),
  }
}

export type ListVerbs = ReturnType<typeof createListVerbs>
