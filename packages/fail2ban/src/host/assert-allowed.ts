import { changeOfFiles, needsOfChange } from '../config/plan-edits.ts'
import { findForbiddenCommand, type KnownStreams } from '../config/privileges/compare-commands.ts'
import { assertAllowed } from '../config/privileges/check-files.ts'
import type { PlannedChange } from '../config/privileges/planned-change.ts'
import type { Draft, PlannedFile } from '../config/draft.ts'
import { ConfigNotAllowedError } from '../errors.ts'
import type { LocalHostContext } from './local-host-context.ts'

/**
 * Looks at the keys that differ in planned files, whatever they come from. @throws ConfigNotAllowedError, and ConfigRefusedError
 * for what fail2ban would refuse or run as Python
 */
export async function assertFilesAllowed(draft: Draft, files: readonly PlannedFile[]): Promise<void> {
  const level = draft.configWrite === 'all' ? 'all' : 'jails'
  assertAllowed(await needsOfChange(await changeOfFiles(draft, files), level), level)
}

/** Looks at what fail2ban itself makes of a change whose keys are allowed. @throws ConfigNotAllowedError, ToolMissingError */
export async function assertCommandsAllowed(
  { configWrite, client }: Pick<LocalHostContext, 'configWrite' | 'client'>,
  change: PlannedChange,
  known: Promise<KnownStreams> | null,
): Promise<void> {
  const forbidden =
    configWrite === 'jails' ? await findForbiddenCommand(change, { client }, { known }) : undefined
  if (forbidden) throw new ConfigNotAllowedError(forbidden)
}
