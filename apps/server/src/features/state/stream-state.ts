import type { RuntimeSnapshot } from '@bangui/shared'
import { tracked, type TrackedEnvelope } from '@trpc/server'
import type { ScopeDeps } from '../../deps.ts'
import type { HostContext } from '../../hosts/host-context.ts'
import { mergeChanges } from '../../lib/merge-changes.ts'
import { redactSnapshot } from '../../redact-by-role.ts'
import { snapshotOf } from '../../state/runtime-state.ts'
import { untilEnd, type OpenStream } from '../live/open-stream.ts'

interface StateDeps extends Pick<ScopeDeps, 'bootId'> {
  readonly scope: readonly Pick<HostContext, 'state'>[]
}

/** The current snapshot of each host, then each later one; a slow reader skips to the newest. */
export const streamState = (
  deps: StateDeps,
  stream: OpenStream,
): AsyncGenerator<TrackedEnvelope<RuntimeSnapshot>> => untilEnd(stream, snapshotsOf(deps, stream))

async function* snapshotsOf(
  { scope, bootId }: StateDeps,
  stream: OpenStream,
): AsyncGenerator<TrackedEnvelope<RuntimeSnapshot>> {
  const { signal, role } = stream
  const hosts = scope.map(({ state }) => ({ state, sent: -1 }))
  const sources = scope.map(({ state }) => state.watch(signal))
  for await (const _ of mergeChanges(sources, signal))
    for (const host of hosts) {
      const state = host.state.get()
      if (state.revision === host.sent || signal.aborted) continue
      host.sent = state.revision
      yield tracked(`${bootId}.${state.revision}`, redactSnapshot(snapshotOf(state), role))
      await stream.pause()
    }
}
