import { spawn } from 'node:child_process'
import { bootstrap, build } from './bootstrap.mjs'
import { nodeBinary, serverBundle, serverEnvironment, serverFlags } from './lib/project.mjs'
import { supervise } from './lib/supervise.mjs'

await bootstrap()
await build()
const args = process.argv.slice(2)
const server = spawn(nodeBinary, [...serverFlags, serverBundle, 'serve', '--auto-demo', ...args], {
  stdio: 'inherit',
  env: { ...serverEnvironment, ...process.env },
})
process.exit(await supervise([server]))
