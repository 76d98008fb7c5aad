import type { Live } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { Deps } from '../../deps.ts'
import { changes } from '../../lib/changes.ts'
import { snapshotFor } from '../../state/runtime-state.ts'
import type { OpenStream } from './open-stream.ts'

/** The id of every message until events exist. */
const NO_EVENT_YET = '0'

/**
 * The one stream of a browser tab: the snapshot, then what changed of it, the newest only, at most ten times a second.
 * Nothing is queued: a slow reader gets the state as it is when it is ready.
 */
export async function* watchLive(
  deps: Pick<Deps, 'state' | 'jails'>,
  stream: OpenStream,
): AsyncGenerator<TrackedEnvelope<Live>> {
  const { signal } = stream
  let state = deps.state.get()
  let jails = deps.jails.store.get()
  yield message({ type: 'snapshot', runtime: snapshotFor(state, stream.role), jails: jails && [...jails] })
  await stream.pause()

  for await (const _ of changes([deps.state.watch(signal), deps.jails.store.watch(signal)], signal)) {
    if (deps.state.get().revision !== state.revision) {
      state = deps.state.get()
      yield message({ type: 'runtime', runtime: snapshotFor(state, stream.role) })
      await stream.pause()
    }
    const newJails = deps.jails.store.get()
    if (newJails && newJails !== jails && !signal.aborted) {
      jails = newJails
      yield message({ type: 'jails', jails: [...jails] })
      await stream.pause()
    }
  }
  stream.close()
}

const message = (live: Live) => tracked(NO_EVENT_YET, live)
