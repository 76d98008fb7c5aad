import { LastActivation, PendingRecovery } from '@bangui/shared'
import type { HostDb } from '../database.ts'

/** What of the runtime state survives a restart. */
export interface StoredRuntimeState {
  readonly pendingRecovery: PendingRecovery | null
  readonly lastActivation: LastActivation | null
  /** the daemon was seen online after the window of the last activation was over */
  readonly lastActivationConfirmed: boolean
  /** what the last probe found; null: not known */
  readonly online: boolean | null
}

/** Called with a stored value that cannot be read and counts as absent. */
export type OnUnreadable = (field: 'pendingRecovery' | 'lastActivation', error: unknown) => void

/** The stored state of a host; undefined when there is none yet. */
export async function loadRuntimeState(
  { db, hostId }: HostDb,
  onUnreadable: OnUnreadable = () => undefined,
): Promise<StoredRuntimeState | undefined> {
  const row = await db
    .selectFrom('runtime_state')
    .selectAll()
    .where('host_id', '=', hostId)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    pendingRecovery: read(row.pending_recovery, PendingRecovery, (error) =>
      onUnreadable('pendingRecovery', error),
    ),
    lastActivation: read(row.last_activation, LastActivation, (error) =>
      onUnreadable('lastActivation', error),
    ),
    lastActivationConfirmed: row.last_activation_confirmed === 1,
    online: row.online === null ? null : row.online === 1,
  }
}

/** Stores the state of a host as a whole. */
export async function saveRuntimeState(
  { db, hostId }: HostDb,
  { now, ...state }: StoredRuntimeState & { readonly now: number },
): Promise<void> {
  const row = {
    online: bit(state.online),
    pending_recovery: state.pendingRecovery && JSON.stringify(state.pendingRecovery),
    last_activation: state.lastActivation && JSON.stringify(state.lastActivation),
    last_activation_confirmed: bit(state.lastActivationConfirmed),
    updated_at: now,
  }
  await db
    .insertInto('runtime_state')
    .values({ host_id: hostId, ...row })
    .onConflict((conflict) => conflict.column('host_id').doUpdateSet(row))
    .execute()
}

function read<TValue>(
  text: string | null,
  model: { parse(value: unknown): TValue },
  onError: (error: unknown) => void,
): TValue | null {
  if (text === null) return null
  try {
    return model.parse(JSON.parse(text))
  } catch (error) {
    onError(error)
    return null
  }
}

function bit(value: boolean): 0 | 1
function bit(value: boolean | null): 0 | 1 | null
function bit(value: boolean | null): 0 | 1 | null {
  if (value === null) return null
  return value ? 1 : 0
}
