import { ChangeConfirmation } from '@bangui/shared'
import { ChangePendingError, ConfigChangedError } from '../errors.ts'
import { HostError } from '../host-error.ts'
import type { ApplyOptions, UnconfirmedOnHost } from '../models/change-models.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { withoutFiles } from './saved-change.ts'

type ConfirmContext = Pick<LocalHostContext, 'changes'>

/** Returns the change that waits to be confirmed, also past its time; null: there is none. */
export async function findUnconfirmed({ changes }: ConfirmContext): Promise<UnconfirmedOnHost | null> {
  const found = await changes.findProvisional()
  if (!found) return null
  const { risks = [], confirmation = { withinMs: 1, by: null } } = found
  const { withinMs, by } = confirmation
  return { change: withoutFiles(found), risks, withinMs, confirmBy: by ?? found.createdAt }
}

/** Keeps a change that waits to be confirmed. @throws ConfigChangedError where it does not, or no longer; ConfigUnwritableError */
export async function confirmChange({ changes }: ConfirmContext, changeId: string): Promise<void> {
  if ((await changes.findProvisional())?.id !== changeId)
    throw new ConfigChangedError('This change is not waiting to be confirmed.')
  await changes.setState(changeId, 'applied')
}

/** @throws ChangePendingError where a change waits to be confirmed */
export async function refuseBesideUnconfirmed({ changes }: ConfirmContext): Promise<void> {
  const found = await changes.findProvisional()
  if (found) throw new ChangePendingError(found.title)
}

/** Returns how a change has to be confirmed; undefined: it is kept without. @throws HostError invalid_argument */
export function confirmationOf({ confirmWithinMs }: ApplyOptions): ChangeConfirmation | undefined {
  if (confirmWithinMs === undefined) return undefined
  const parsed = ChangeConfirmation.safeParse({ withinMs: confirmWithinMs, by: null })
  if (!parsed.success) throw new HostError('invalid_argument', { message: parsed.error.message })
  return parsed.data
}
