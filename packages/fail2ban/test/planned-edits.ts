import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import type { Edit } from '@bangui/shared'
import { emptyDraft } from '../src/config/draft.ts'
import type { PlannedFile } from '../src/config/draft.ts'
import { planEdits } from '../src/config/plan-edits.ts'
import { readFail2banConfig } from '../src/config/read-config.ts'
import type { ConfigWrite } from '../src/models/change-models.ts'

export interface PlanningOptions {
  /** @default jails */
  readonly level?: ConfigWrite
  /** @default /var/log */
  readonly logDirs?: readonly string[]
}

/** Plans edits of a folder as it is now. */
export async function planIn(
  configDir: string,
  edits: readonly Edit[],
  { level = 'jails', logDirs = ['/var/log'] }: PlanningOptions = {},
): Promise<PlannedFile[]> {
  return planEdits(emptyDraft(await readFail2banConfig(configDir), level, logDirs), edits)
}

/** Plans edits of a folder and writes the files, as a host would. Returns their texts by their path in the folder. */
export async function editIn(
  configDir: string,
  edits: readonly Edit[],
  options: PlanningOptions = {},
): Promise<Record<string, string | null>> {
  const files = await planIn(configDir, edits, options)
  for (const { path, after } of files) {
    if (after === null) await rm(path)
    else {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, after)
    }
  }
  return Object.fromEntries(files.map(({ path, after }) => [relative(configDir, path), after]))
}

/** An edit that sets an option of a jail. */
export const setIn = (name: string, key: string, value: string | null): Edit => ({
  kind: 'set',
  scope: 'jail',
  name,
  key,
  value,
})
