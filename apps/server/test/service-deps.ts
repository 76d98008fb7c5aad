import { LOCAL_HOST_ID, LOCAL_HOST_KEY, type StoredEvent } from '@bangui/shared'
import { createBantimes } from '../src/features/jails/bantimes.ts'
import { createJailList } from '../src/features/jails/jail-list.ts'
import { createStopActors } from '../src/features/jails/stop-actors.ts'
import { createOperations } from '../src/features/operations/operations.ts'
import { createMonitor } from '../src/features/server/monitor.ts'
import { createBus } from '../src/lib/event-bus.ts'
import { createStateStore, type DurableState } from '../src/state/create-state-store.ts'
import { initialState, type RuntimeState } from '../src/state/runtime-state.ts'
import { createFakeArchive, createFakeComparison } from './fake-archive.ts'
import { createFakeOperationStore } from './fake-operation-store.ts'
import { createFakeHost, type FakeHost } from './fake-host.ts'
import { createTestLog } from './silent-log.ts'

const ignore = async () => undefined

/** What the services of the daemon need, on a fake host and a clock that a test moves. */
export function createServiceDeps(host: FakeHost = createFakeHost(), start: Partial<RuntimeState> = {}) {
  const saved: DurableState[] = []
  const disk = { full: false }
  const initial = { ...initialState({ demo: false, node: 'test', version: '0' }), ...start }
  const state = createStateStore(initial, async (durable) => {
    if (disk.full) throw new Error('the disk is full')
    saved.push(durable)
  })
  const time = { now: 1_000_000 }
  const clock = () => time.now
  const { log, lines, events } = createTestLog()
  const monitor = createMonitor({ host, state, log, clock })
  const jails = createJailList({ host, state })
  const archive = createFakeArchive()
  const comparison = createFakeComparison()
  const happenings = createBus<readonly StoredEvent[]>((error) => {
    throw error
  })
  const operations = createOperations({ clock, log, records: createFakeOperationStore() })
  const deps = {
    host,
    state,
    monitor,
    jails,
    bantimes: createBantimes(host),
    stopActors: createStopActors(clock),
    clock,
    log,
    archive,
    comparison,
    events: happenings,
    operations,
    changes: {
      add: ignore,
      noteState: ignore,
      noteInterrupted: async () => null,
      listApplied: async () => [],
      findAuthor: async () => undefined,
      endProvisional: ignore,
    },
    confirmations: {
      begin: ignore,
      confirm: () => Promise.reject(new Error('nothing waits to be confirmed')),
      rollBack: async () => null,
      resume: ignore,
      stop: () => undefined,
    },
    id: LOCAL_HOST_ID,
    key: LOCAL_HOST_KEY,
    name: 'test',
    kind: 'local' as const,
  }
  return {
    deps,
    archive,
    comparison,
    host,
    state,
    time,
    saved,
    disk,
    lines,
    events,
    monitor,
    [Symbol.dispose]: () => monitor.stop(),
  }
}
