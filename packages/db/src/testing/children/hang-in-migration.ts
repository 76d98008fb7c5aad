import { sql } from 'kysely'
import { writeSync } from 'node:fs'
import { migrations } from '../../migrations/index.ts'
import { openDatabase } from '../../open-database.ts'

// stops for good in the middle of a migration that has written more than SQLite keeps in memory
const database = await openDatabase({
  path: process.argv[2] ?? '',
  migrations: [
    ...migrations,
    {
      name: 'endless',
      up: async (execute) => {
        await execute(sql`create table half_done (content blob)`)
        await execute(sql`alter table users add column half_done text`)
        await execute(sql`update settings set value = '"changed"'`)
        for (let row = 0; row < 20; row++)
          await execute(sql`insert into half_done values (zeroblob(1000000))`)
        writeSync(1, '"inside"\n')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      },
    },
  ],
})
await database.migrate()
