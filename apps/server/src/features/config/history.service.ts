import { findHistoryRow, listChanges } from '@bangui/db'
import { type KeptChange, unifiedDiff } from '@bangui/fail2ban'
import type {
  CompareRevertInput,
  ConfigChange,
  ConfigHistory,
  ConfigHistoryInput,
  RevertComparison,
  Role,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { maySeeSecrets, redactDiff, redactOutput } from '../../redact-by-role.ts'

/** Returns a page of the changes of the configuration, the newest first. */
export const listConfigHistory = (
  { hostDb }: Pick<HostDeps, 'hostDb'>,
  { cursor, limit }: ConfigHistoryInput,
): Promise<ConfigHistory> => listChanges(hostDb, { cursor: cursor ?? null, limit })

/** Returns a change with its differences and what fail2ban said, as far as a role may read it. @throws AppError not_found, config_unwritable */
export async function getConfigChange(
  { hostDb, host }: Pick<HostDeps, 'hostDb' | 'host'>,
  id: string,
  role: Role,
): Promise<ConfigChange> {
  const found = await findHistoryRow(hostDb, id)
  if (!found) throw new AppError('not_found')
  const { files: _files, ...row } = found.row
  const kept = await host.config.readChange(id)
  const tested = kept?.tested ?? null
  return {
    ...row,
    files:
      kept && kept.files.map((file) => ({ file: file.file, now: file.now, unified: diffOf(file, role) })),
    omitted: [...(kept?.omitted ?? [])],
    since: kept?.since ?? null,
    tested: tested && { output: redactOutput(tested.output, role), ...tested.samples },
    output: redactOutput(found.output, role),
    hidden: !maySeeSecrets(role),
  }
}

const diffOf = ({ file, ...texts }: KeptChange['files'][number], role: Role): string =>
  maySeeSecrets(role) ? unifiedDiff(file, texts.before, texts.after) : redactDiff(file, texts)

/** Returns what a revert of a change would do, and what has to be chosen first. */
export const compareRevert = (
  { host }: Pick<HostDeps, 'host'>,
  { id, choices }: CompareRevertInput,
): Promise<RevertComparison> => host.config.compareRevert(id, choices)
