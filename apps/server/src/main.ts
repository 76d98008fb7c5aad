import { runtimeProblem } from './check-runtime.ts'

const problem = runtimeProblem(process.versions)
if (problem) {
  process.stderr.write(`${problem}\n`)
  // a supervisor need not try again: it stays so
  process.exit(2)
}

// only now: native modules crash a Node that is too old
const { run } = await import('./run.ts')

const stop = new AbortController()
let firstSignalAt = 0

function onSignal() {
  // npm and a terminal deliver the first one twice within a millisecond
  if (stop.signal.aborted && performance.now() - firstSignalAt > 1_000) process.exit(1)
  if (stop.signal.aborted) return
  firstSignalAt = performance.now()
  stop.abort()
}
process.on('SIGTERM', onSignal)
process.on('SIGINT', onSignal)

process.exitCode = await run({
  argv: process.argv.slice(2),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stop.signal,
})
// whatever is left, such as a socket that a client holds open, must not keep a stopped server
setTimeout(() => process.exit(), 500).unref()
