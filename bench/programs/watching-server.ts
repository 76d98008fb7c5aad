import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { startApp } from '../../apps/server/src/app.ts'
import { loadConfig } from '../../apps/server/src/config.ts'
import { createLogger } from '../../apps/server/src/lib/logger.ts'

const app = await startApp({
  config: loadConfig(process.env),
  demo: false,
  webDir: '/nonexistent',
  log: createLogger({ stream: process.stdout }),
})

const delay = monitorEventLoopDelay({ resolution: 5 })

// any line on stdin: `begin` forgets what was measured, else tells it
createInterface({ input: process.stdin })
  .on('line', (text) => {
    if ((JSON.parse(text) as { do: string }).do === 'begin') {
      delay.enable()
      delay.reset()
      return
    }
    const inMs = (nanoseconds: number) => nanoseconds / 1e6 - 5
    const { importing } = app.deps.state.get().watching
    const line = { event: 'delay', p99: inMs(delay.percentile(99)), max: inMs(delay.max), importing }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  })
  .on('close', () => process.exit())
