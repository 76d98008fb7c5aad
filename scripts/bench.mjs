import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap, build } from './bootstrap.mjs'
import { nodeBinary, root, toolEnvironment } from './lib/project.mjs'
import { supervise } from './lib/supervise.mjs'

await bootstrap()
await build()
const bench = spawn(
  nodeBinary,
  ['--conditions=@bangui/source', '--expose-gc', join(root, 'bench/main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: toolEnvironment(),
  },
)
process.exit(await supervise([bench]))
