import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { isMainThread } from 'node:worker_threads'

// preloaded into the server that is measured; its workers load it too
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const inMs = (nanoseconds) => nanoseconds / 1e6 - 5

  // any line on stdin: `begin` forgets what was measured, anything else prints it
  createInterface({ input: process.stdin }).on('line', (text) => {
    if (JSON.parse(text).do === 'begin') {
      delay.enable()
      delay.reset()
      return
    }
    const line = { event: 'delay', p99: inMs(delay.percentile(99)), max: inMs(delay.max) }
    process.stdout.write(`${JSON.stringify(line)}\n`)
  })
  process.stdin.unref()
}
