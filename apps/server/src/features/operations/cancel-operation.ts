import { can, type PermissionHolder } from '@bangui/shared'
import type { Deps } from '../../deps.ts'

/** Cancels an operation that runs on a host of the holder's; any other id counts as one that does not run. */
export function cancelOperation(
  { operations }: Pick<Deps, 'operations'>,
  holder: PermissionHolder,
  id: string,
): { cancelled: boolean } {
  const running = operations.listRunning().find((operation) => operation.id === id)
  const isAllowed = running !== undefined && can(holder, 'operations.cancel', running.host)
  return { cancelled: isAllowed && operations.cancel(id) }
}
