import type { FilterTestRun } from '@bangui/shared'

/** The last run of the tests of each filter, of each host, since BanGUI was started. */
export interface FilterTestRuns {
  note(hostKey: string, filter: string, run: FilterTestRun): void
  last(hostKey: string, filter: string): FilterTestRun | undefined
}

/** Creates {@link FilterTestRuns}. */
export function createFilterTestRuns(): FilterTestRuns {
  const runs = new Map<string, FilterTestRun>()
  const keyOf = (hostKey: string, filter: string) => JSON.stringify([hostKey, filter])
  return {
    note: (hostKey, filter, run) => void runs.set(keyOf(hostKey, filter), run),
    last: (hostKey, filter) => runs.get(keyOf(hostKey, filter)),
  }
}
