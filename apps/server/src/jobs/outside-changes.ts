import type { HostDeps } from '../deps.ts'
import type { JobDefinition } from './scheduler.ts'

/** Notices what others do to the files of the configuration. */
export const outsideChanges = (deps: HostDeps): JobDefinition => ({
  name: 'outside_changes',
  everySeconds: 60,
  deadline: 30_000,
  run: () => deps.outsideChanges.note(),
})
