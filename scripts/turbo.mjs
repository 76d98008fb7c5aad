import { bootstrap, turbo } from './bootstrap.mjs'

await bootstrap()
const { code } = await turbo(process.argv.slice(2), { show: true })
process.exit(code)
