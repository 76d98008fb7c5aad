import { sleep } from '@bangui/async'
import { createInterface } from 'node:readline'
import { startApp } from '../../apps/server/src/app.ts'
import { loadConfig } from '../../apps/server/src/config.ts'
import { createLogger } from '../../apps/server/src/lib/logger.ts'

/** What is asked on stdin, as a line of JSON: so many changes, so many a second. */
interface Order {
  readonly count: number
  readonly perSecond: number
}

const { deps } = await startApp({
  config: loadConfig(process.env),
  demo: false,
  webDir: '/nonexistent',
  log: createLogger({ stream: process.stdout }),
})
const [local] = deps.hosts.list()

createInterface({ input: process.stdin })
  .on('line', (text) => void change(JSON.parse(text) as Order))
  .on('close', () => process.exit())

/**
 * Changes what every viewer is sent and no probe touches, so that the last of these changes is the last of all. One
 * that is late is made as soon as there is time.
 */
async function change({ count, perSecond }: Order): Promise<void> {
  const begun = performance.now()
  for (let done = 0; done < count; done++) {
    const wait = begun + (done * 1_000) / perSecond - performance.now()
    if (wait > 0) await sleep(wait)
    void local?.state.update((state) => ({ ...state, node: `change ${done}` }))
  }
  const revision = local?.state.get().revision
  const seconds = (performance.now() - begun) / 1_000
  process.stdout.write(`${JSON.stringify({ event: 'changed', revision, seconds, at: Date.now() })}\n`)
}
