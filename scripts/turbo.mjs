import { bootstrap } from './bootstrap.mjs'
import { pnpmCommand } from './lib/project.mjs'
import { run } from './lib/run.mjs'

await bootstrap()
// turbo runs the packages' scripts with pnpm, which a machine with npm alone does not have on its path
const { code } = await run([...pnpmCommand(), 'exec', 'turbo', 'run', ...process.argv.slice(2)], {
  show: true,
})
process.exit(code)
