import type { RuntimeSnapshot } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { HostDeps } from '../../deps.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'
import { untilEnd, type OpenStream } from '../live/open-stream.ts'

/** The current snapshot, then each later one; a slow reader skips to the newest. */
export const streamState = (
  deps: Pick<HostDeps, 'state' | 'bootId'>,
  stream: OpenStream,
): AsyncGenerator<TrackedEnvelope<RuntimeSnapshot>> => untilEnd(stream, snapshotsOf(deps, stream))

async function* snapshotsOf(
  deps: Pick<HostDeps, 'state' | 'bootId'>,
  stream: OpenStream,
): AsyncGenerator<TrackedEnvelope<RuntimeSnapshot>> {
  for await (const state of deps.state.watch(stream.signal)) {
    yield tracked(`${deps.bootId}.${state.revision}`, redactSnapshot(snapshotOf(state), stream.role))
    await stream.pause()
  }
}
