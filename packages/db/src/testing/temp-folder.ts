import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openDatabase, type OpenDatabaseOptions } from '../open-database.ts'
import { migratedContent } from '../testing.ts'

/** A folder of its own for the running test, removed when it ends. */
export function createTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bangui-db-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An open database in a file of its own, closed when the test ends. */
export async function openTempDatabase(options: Partial<OpenDatabaseOptions> = {}) {
  const database = await openDatabase({ path: join(createTempFolder(), 'bangui.db'), ...options })
  onTestFinished(() => database.close())
  return database
}

/** An open database with every migration in a file of its own, closed when the test ends. */
export async function openMigratedDatabase() {
  const path = join(createTempFolder(), 'bangui.db')
  writeFileSync(path, await migratedContent(), { mode: 0o600 })
  const database = await openDatabase({ path })
  onTestFinished(() => database.close())
  return database
}
