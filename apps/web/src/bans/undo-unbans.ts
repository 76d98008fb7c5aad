import { showHidden, type UndoResult } from '@bangui/shared'
import { describeError } from '../api/errors.ts'
import type { StatsApi } from '../api/stats-api.ts'
import { formatExact, plural } from '../lib/format.ts'
import type { ToastOptions } from '../ui/toast.tsx'
import type { ChosenBan } from './selection.ts'

/**
 * Undoes unbans, each once, and removes them from the list. Rejects with the server's error, except for unbans that were
 * undone before.
 */
export async function undoUnbans(api: StatsApi, operations: string[]): Promise<UndoResult> {
  const all: UndoResult = { restored: 0, over: 0, already: 0, refused: [], shortened: [] }
  for (let id = operations[0]; id !== undefined; id = operations[0]) {
    const result = await api.operations.undo.mutate({ id }).catch((error: unknown) => {
      if (describeError(error).reason !== 'undo_none') throw error
      return undefined
    })
    operations.shift()
    if (!result) continue
    all.restored += result.restored
    all.over += result.over
    all.already += result.already
    all.refused.push(...result.refused)
    all.shortened.push(...result.shortened)
    if (result.moved) all.moved = [...(all.moved ?? []), ...result.moved]
  }
  return all
}

/** Returns a toast about the undo of a ban. */
export function describeUndoneBan({ restored, over, already }: UndoResult): ToastOptions {
  const text = [
    already > 0 &&
      `${plural(already, 'address has', 'addresses have')} been banned again since and ${already === 1 ? 'stays' : 'stay'} banned.`,
    over > 0 && `${plural(over, 'ban')} had already ended.`,
  ]
    .filter(Boolean)
    .join(' ')
  return { tone: 'ok', title: `${plural(restored, 'ban')} undone`, ...(text !== '' && { text }) }
}

/** Returns a toast about the undo of an unban. */
export function describeUndone(bans: readonly ChosenBan[], undone: UndoResult): ToastOptions {
  const { restored, over, already, refused } = undone
  if (refused.length > 0)
    return {
      tone: 'danger',
      title: `${plural(refused.length, 'address', 'addresses')} could not be banned again`,
    }
  if (restored === 0)
    return over > 0
      ? { title: 'Nothing to ban again', text: 'These bans have expired.' }
      : {
          title: 'Nothing to ban again',
          text: already > 0 ? 'They are already banned.' : 'The unban has already been undone.',
        }
  const text = describeEnds(undone)
  const [ban] = bans
  const name = bans.length === 1 && ban ? ban.address : plural(restored, 'ban')
  return { tone: 'ok', title: `${name} banned again`, ...(text && { text }) }
}

/** Returns a sentence about bans that their jail no longer bans for as long as before. */
function describeEnds({ shortened: [shortened], moved: [moved] = [] }: UndoResult): string | undefined {
  if (typeof shortened?.until === 'number')
    return `Until ${formatExact(shortened.until)}, because the jail ${showHidden(shortened.jail)} now has a shorter ban time.`
  if (!moved) return undefined
  const until = moved.until === null ? 'Permanently' : `Until ${formatExact(moved.until)}`
  return `${until}, in the jail ${showHidden(moved.jail)}, because ${showHidden(moved.from)} now has a shorter ban time.`
}
