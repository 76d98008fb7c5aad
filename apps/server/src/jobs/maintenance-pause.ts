import type { HostDeps } from '../deps.ts'
import { outcomeOfPause } from '../features/operations/outcomes.ts'
import type { JobDefinition } from './scheduler.ts'

type PauseDeps = Pick<HostDeps, 'pauses' | 'operations' | 'id' | 'key'>

/** Keeps the jails of a maintenance pause idle, and lets them work again when its time is over. */
export const maintenancePause = ({ pauses, operations, id, key }: PauseDeps): JobDefinition => ({
  name: 'maintenance_pause',
  everySeconds: 5,
  deadline: 60_000,
  run: async () => {
    const over = await pauses.keep()
    if (!over) return
    await operations.run(
      {
        kind: 'pause.end',
        title: `Ending the maintenance pause of ${over.by}`,
        actor: { kind: 'system', name: null },
        host: { id, key },
        total: null,
        cancellable: false,
        outcomeOf: outcomeOfPause,
      },
      () => pauses.end(),
    )
  },
})
