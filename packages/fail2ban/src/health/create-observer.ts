import { getDaemonSettings } from '../commands.ts'
import { deadlines, type LocalHostContext } from '../host/local-host-context.ts'
import type { Observation, ObservationPart, Observed } from './observation.ts'
import type { Observer } from './run-checks.ts'

type Collectors = { readonly [TPart in ObservationPart]: () => Promise<Observation[TPart]> }

/** Creates the observer of one run: it looks at each part when a check needs it, once. */
export function createObserver(context: LocalHostContext): Observer {
  const { clock, connection } = context
  const collectors: Collectors = {
    daemonValues: () => getDaemonSettings(connection, deadlines.read),
  }
  const seen: { [TPart in ObservationPart]?: Promise<Observed<Observation[TPart]>> } = {}
  return {
    at: clock(),
    settling: async () => false,
    observe: (part) => (seen[part] ??= observed(collectors[part])),
  }
}

async function observed<TValue>(collect: () => Promise<TValue>): Promise<Observed<TValue>> {
  try {
    return { value: await collect() }
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) }
  }
}
