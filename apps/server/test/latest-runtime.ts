import type { Live, RuntimeSnapshot } from '@bangui/shared'

/** The state that the newest message of a live stream has. */
export function latestRuntime({ messages }: { readonly messages: readonly Live[] }): RuntimeSnapshot | null {
  const message = messages.findLast((live) => 'runtime' in live)
  return message && 'runtime' in message ? message.runtime : null
}
