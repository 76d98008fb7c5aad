import type { HostDeps } from '../deps.ts'
import { createStateSampler } from '../features/stats/states.ts'
import type { JobDefinition } from './scheduler.ts'

/** Adds to how long fail2ban and each jail were up today. */
export const stateDays = (deps: HostDeps): JobDefinition => ({
  name: 'state_days',
  everySeconds: 60,
  deadline: 10_000,
  run: createStateSampler(deps),
})
