import { openDatabase } from '../../index.ts'

// brings a database up to date and says from which version to which
const database = await openDatabase({ path: process.argv[2] ?? '', busyTimeout: 60_000 })
const { from, to } = await database.migrate()
await database.close()
process.stdout.write(`${JSON.stringify({ from, to })}\n`)
