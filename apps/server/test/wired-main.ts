// BanGUI with its host behind a wire: every verb's arguments, results, steps and errors are JSON on the way.

import { createWireHost } from '@bangui/fail2ban/testing'
import { run } from '../src/run.ts'

const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())

const { argv, env, stdout, stderr } = process
process.exitCode = await run({
  argv: argv.slice(2),
  env,
  stdout,
  stderr,
  signal: stop.signal,
  wrapHost: createWireHost,
})
setTimeout(() => process.exit(), 500).unref()
