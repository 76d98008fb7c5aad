import type { ChangeResult, SetIgnoreSelfInput } from '@bangui/shared'
import { makeChange, withoutId, type ApplyDeps, type ChangeRequest } from '../jails/make-change.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'

/** Sets whether a jail never bans the addresses of its own machine: written, and loaded from there. */
export async function setIgnoreSelf(
  deps: ApplyDeps,
  { jail, self }: SetIgnoreSelfInput,
  by: Pick<ChangeRequest, 'operationId' | 'confirmer'>,
): Promise<ChangeResult> {
  refuseDuringRollback(deps)
  const value = self ? 'true' : 'false'
  const edits = [{ kind: 'set', scope: 'jail', name: jail, key: 'ignoreself', value }] as const
  return withoutId(await makeChange(deps, { edits, title: `Changing jail ${jail}`, ...by }))
}
