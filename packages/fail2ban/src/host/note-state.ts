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
  try {
    await changes.setState(id, state)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
