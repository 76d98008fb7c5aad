import type { Jail, Live } from '@bangui/shared'
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

  for await (const _ of changes([deps.state.watch(signal), deps.jails.store.watch(signal)], signal)) {
    const now = { state: deps.state.get(), jails: deps.jails.store.get() }
    const runtimeChanged = now.state.revision !== state.revision
    const newJails = now.jails !== jails ? now.jails : null
    ;({ state, jails } = now)
    if (runtimeChanged) yield message({ type: 'runtime', runtime: snapshotFor(state, stream.role) })
    if (newJails) yield jailsMessage(newJails)
    if (runtimeChanged || newJails) await stream.pause()
  }
  stream.close()
}

const message = (live: Live) => tracked(NO_EVENT_YET, live)

const jailsMessage = (jails: readonly Jail[]) => message({ type: 'jails', jails: [...jails] })
