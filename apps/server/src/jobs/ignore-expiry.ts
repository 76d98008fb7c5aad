import type { IgnoreRecord } from '@bangui/db'
import type { HostDeps } from '../deps.ts'
import { outcomeOfKept } from '../features/operations/outcomes.ts'
import type { JobDefinition } from './scheduler.ts'

type IgnoreDeps = Pick<HostDeps, 'ignores' | 'operations' | 'id' | 'key'>

/** How many runs there are from one look at the running jails to the next: a load of a jail is noticed in the log, too. */
const RUNS_PER_LOOK = 3

/** Ends entries of the allow list whose end has come, writes what is not written, and sets what a load of a jail has dropped. */
export function ignoreExpiry({ ignores, operations, id, key }: IgnoreDeps): JobDefinition {
  let runs = 0
  return {
    name: 'ignore_expiry',
    everySeconds: 5,
    deadline: 30_000,
    run: async () => {
      const due = await ignores.findDue()
      if (due) {
        const title = titleOf(due.ended)
        const request = {
          kind: 'ignore.keep',
          title,
          actor: { kind: 'system', name: null },
          askedBy: [...new Set(due.ended.map(({ by, removedBy }) => removedBy ?? by))],
          host: { id, key },
          total: null,
          cancellable: false,
          outcomeOf: outcomeOfKept,
        } as const
        await operations.run(request, (operation) => ignores.keep({ operationId: operation.id, title }))
      } else if (runs++ % RUNS_PER_LOOK === 0) await ignores.hold()
    },
  }
}

function titleOf(ended: readonly IgnoreRecord[]): string {
  const [first] = ended
  if (!first) return 'Writing the allow list'
  return ended.length === 1
    ? `Ending the allow list entry ${first.address}`
    : `Ending ${ended.length.toLocaleString('en')} entries of the allow list`
}
