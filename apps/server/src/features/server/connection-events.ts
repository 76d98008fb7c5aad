import { sleep } from '@bangui/async'
import type { Fail2banHost } from '@bangui/fail2ban'
import type { Logger } from '../../lib/logger.ts'

/** How long after the events of a host ended they are asked for again, in milliseconds. */
const AGAIN_MS = 5_000

/**
 * Calls the listener with each event of a host's connection until the returned function is called. Events that end or fail,
 * as over a connection to another machine, are asked for again, and the listener is called for what was missed meanwhile.
 */
export function onConnectionEvent(
  { host: { daemon }, log }: { readonly host: Pick<Fail2banHost, 'daemon'>; readonly log: Logger },
  listener: () => void,
): () => void {
  const ending = new AbortController()
  const { signal } = ending
  const listen = async () => {
    for (;;) {
      try {
        for await (const _ of daemon.connectionEvents({ signal })) listener()
      } catch (error) {
        log.warn({ event: 'connection_events_failed', err: error }, 'the events of the connection failed')
      }
      await sleep(AGAIN_MS, { signal })
      listener()
    }
  }
  // the sleep rejects at the end
  listen().catch(() => undefined)
  return () => ending.abort()
}
