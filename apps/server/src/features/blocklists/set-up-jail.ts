import { LISTS_JAIL, type ChangeResult } from '@bangui/shared'
import { type ApplyDeps, type ChangeRequest, makeChange, withoutId } from '../jails/make-change.ts'

/** Sets up the jail `blocklists`: it reads no log, and bans for two weeks. */
export async function setUpListsJail(
  deps: ApplyDeps,
  by: Pick<ChangeRequest, 'operationId' | 'confirmer'>,
): Promise<ChangeResult> {
  const title = `Setting up jail ${LISTS_JAIL}`
  return withoutId(
    await makeChange(deps, { edits: [{ kind: 'manual_jail', name: LISTS_JAIL }], title, ...by }),
  )
}
