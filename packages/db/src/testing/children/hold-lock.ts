import { hostname } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { acquireExecutorLock, openDatabase } from '../../index.ts'

// holds the executor lock of a database until it is killed; forgets the handle on purpose, and says what came of it in one line
const [path = '', umask = '22'] = process.argv.slice(2)
process.umask(Number.parseInt(umask, 8))
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`)

try {
  const database = await openDatabase({ path })
  await acquireExecutorLock(database, { pid: process.pid, hostname: hostname(), now: Date.now() })
  await database.migrate()
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  say('held')
} catch (error) {
  say(error instanceof Error ? error.name : 'failed')
}
setInterval(() => undefined, 60_000)
