import type { Deps } from '../deps.ts'
import type { JobDefinition } from './scheduler.ts'

const day = 86_400_000

/** The newest events that stay, whatever their age. */
const MOST_EVENTS = 500_000

/** The safety net of the events, and the nightly end of what is kept no longer. */
export const watchingJobs = (deps: Deps): JobDefinition[] => [eventReconcile(deps), historyRetention(deps)]

const eventReconcile = (deps: Deps): JobDefinition => ({
  name: 'event_reconcile',
  everySeconds: 60,
  deadline: 20_000,
  run: () => deps.reconcile(),
})

const historyRetention = (deps: Deps): JobDefinition => ({
  name: 'history_retention',
  everySeconds: 86_400,
  cron: '17 3 * * *',
  deadline: 6 * 3_600_000,
  run: async (signal) => {
    const { historyRetentionDays, logLineRetentionDays } = deps.state.get().runtimeSettings
    const now = deps.clock()
    const limits = {
      bansBefore: historyRetentionDays === 0 ? null : now - historyRetentionDays * day,
      linesBefore: now - logLineRetentionDays * day,
      eventsBefore: now - day,
      maxEvents: MOST_EVENTS,
    }
    let deleted = 0
    while (!signal.aborted) {
      const step = await deps.archive.retain(limits)
      deleted += step.deleted
      if (step.done) break
    }
    if (deleted > 0) deps.log.info({ event: 'history_retention', deleted }, 'old history was deleted')
  },
})
