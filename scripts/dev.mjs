import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { nodeBinary, root, say, toolEnvironment } from './lib/project.mjs'
import { supervise } from './lib/supervise.mjs'

await bootstrap()
const port = process.env.BANGUI_PORT ?? '8080'
const env = toolEnvironment({ BANGUI_PORT: port })
const web = join(root, 'apps/web')
const server = spawn(
  nodeBinary,
  [
    '--conditions=@bangui/source',
    '--watch',
    '--watch-preserve-output',
    join(root, 'apps/server/src/main.ts'),
    'serve',
    '--auto-demo',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env },
)
const vite = spawn(nodeBinary, [join(web, 'node_modules/vite/bin/vite.js')], {
  cwd: web,
  stdio: 'inherit',
  env: { ...env, BANGUI_DEV_SERVER: `http://127.0.0.1:${port}` },
})
say(`The pages reload on change at http://localhost:5173; the server they talk to listens on port ${port}.`)
process.exit(await supervise([server, vite]))
