import {
  deleteConfigDrafts,
  findConfigDraft,
  findDraftBegin,
  listOutsideChangesSince,
  saveConfigDraft,
} from '@bangui/db'
import {
  can,
  DAY_MS,
  Role,
  type ComparedDraft,
  type ConfigDraft,
  type EffectiveInput,
  type EffectiveSetting,
  type SaveDraftInput,
} from '@bangui/shared'
import type { Deps, HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'

/** How long a draft is kept that nobody saves again. */
const KEPT_MS = 90 * DAY_MS

type DraftDeps = Pick<HostDeps, 'hostDb' | 'host' | 'outsideChanges'>

/** Returns the edits that a user has not applied yet, once the files were looked at. */
export async function getDraft(
  { hostDb, outsideChanges }: Omit<DraftDeps, 'host'>,
  userId: number,
): Promise<ConfigDraft> {
  await outsideChanges.note()
  return findConfigDraft(hostDb, userId)
}

/** Returns what the draft of a user would change in the files as they are now. */
export async function compareDraft(
  { hostDb, host, outsideChanges }: DraftDeps,
  userId: number,
): Promise<ComparedDraft> {
  const { revision, edits } = await findConfigDraft(hostDb, userId)
  if (edits.length === 0) return { revision, edits: [], files: [], problems: [], outside: [] }
  await outsideChanges.note()
  const compared = await host.config.compareDraft(edits)
  return { revision, ...compared, outside: await findOutside(hostDb, userId, compared) }
}

/** Returns the files of a draft that somebody else has changed since it was begun. */
async function findOutside(
  hostDb: HostDeps['hostDb'],
  userId: number,
  { files }: Pick<ComparedDraft, 'files'>,
): Promise<ComparedDraft['outside']> {
  const begun = await findDraftBegin(hostDb, userId)
  if (begun === undefined) return []
  const changes = await listOutsideChangesSince(hostDb, begun)
  return files.flatMap(({ file }) => {
    const change = changes.find((each) => each.files.some((path) => isFile(path, file)))
    return change === undefined ? [] : [{ file, change: change.id, at: change.createdAt }]
  })
}

/** Returns whether a path is that of a file, which is relative to the configuration folder. */
const isFile = (path: string, file: string): boolean =>
  path.endsWith(`/${file}`) &&
  (file.includes('/') || !/\/(?:jail|fail2ban|filter|action)\.d$/.test(path.slice(0, -file.length - 1)))

/** Returns the settings of a part as the draft of a user would leave them; null: nobody can tell. */
export async function getDraftedSettings(
  { hostDb, host }: Pick<HostDeps, 'hostDb' | 'host'>,
  userId: number,
  part: EffectiveInput,
): Promise<{ revision: number; settings: EffectiveSetting[] | null }> {
  const { revision, edits } = await findConfigDraft(hostDb, userId)
  return { revision, settings: await host.config.listDraftedSettings(edits, part) }
}

/** Stores all edits of a user. @throws AppError draft_changed where they were made on an older draft */
export async function saveDraft(
  { hostDb, clock }: Pick<HostDeps, 'hostDb' | 'clock'>,
  userId: number,
  { edits, revision }: SaveDraftInput,
): Promise<Pick<ConfigDraft, 'revision' | 'savedAt'>> {
  const now = clock()
  const saved = await saveConfigDraft(hostDb, { userId, edits, revision, now })
  if (saved === undefined) throw new AppError('draft_changed')
  return { revision: saved, savedAt: now }
}

/** Deletes drafts that are old, and those of users who may no longer change the configuration: they can have secrets in them. */
export async function deleteOldDrafts({ database, clock }: Pick<Deps, 'database' | 'clock'>): Promise<void> {
  const roles = Role.options.filter((role) => can({ role }, 'config.write'))
  await deleteConfigDrafts(database.db, { before: clock() - KEPT_MS, roles })
}
