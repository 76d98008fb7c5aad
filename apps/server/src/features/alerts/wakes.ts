import { notifier, sleep } from '@bangui/async'
import type { AlertsDeps } from './alerts-deps.ts'

/** What happens together is looked at together. */
const GATHER_MS = 30

/** Calls for a look whenever something may have changed. */
export interface Wakes {
  wake(): void
  start(): void
  stop(): Promise<void>
}

/** Creates {@link Wakes}: after `wake`, and whenever the state or the jails of a host change, `look` is called. */
export function createWakes({ hosts }: Pick<AlertsDeps, 'hosts'>, look: () => Promise<void>): Wakes {
  const stopping = new AbortController()
  const asked = notifier()
  let isAsked = false
  const loops: Promise<void>[] = []

  const wake = () => {
    isAsked = true
    asked.notify()
  }
  const follow = async (changes: AsyncIterable<unknown>) => {
    for await (const _change of changes) wake()
  }
  const run = async () => {
    const { signal } = stopping
    while (!signal.aborted) {
      if (!isAsked) await asked.wait({ signal })
      await sleep(GATHER_MS, { signal })
      if (signal.aborted) return
      isAsked = false
      await look()
    }
  }

  return {
    wake,
    start() {
      loops.push(run())
      for (const { state, jails } of hosts.list())
        loops.push(follow(state.watch(stopping.signal)), follow(jails.store.watch(stopping.signal)))
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled(loops)
    },
  }
}
