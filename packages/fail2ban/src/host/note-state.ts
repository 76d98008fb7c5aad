import type { ChangeState } from '@bangui/shared'
import type { LocalHostContext } from './local-host-context.ts'

/**
 * Stores how a change ended; null: it was stored. Where it could not be, as on a full disk, returns a sentence that says
 * why: the record stays as it was, and the next start of BanGUI finds out how the change ended.
 */
export async function noteState(
  { changes }: Pick<LocalHostContext, 'changes'>,
  id: string,
  state: ChangeState,
): Promise<string | null> {
  return whyNotStored(() => changes.setState(id, state))
}

/** Returns why something could not be stored, as a sentence; null: it was. */
export async function whyNotStored(store: () => Promise<void>): Promise<string | null> {
  try {
    await store()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
