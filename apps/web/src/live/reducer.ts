import type { Jail, Live, RuntimeSnapshot } from '@bangui/shared'

/** What the live stream has told so far; undefined: nothing yet. */
export type LiveState = {
  readonly runtime: RuntimeSnapshot | undefined
  /** undefined until the configuration has been read */
  readonly jails: readonly Jail[] | undefined
}

export const emptyState: LiveState = { runtime: undefined, jails: undefined }

/** The state after a message. A message of a type that this page does not know changes nothing. */
export function reduceLive(state: LiveState, message: Live): LiveState {
  switch (message?.type) {
    case 'snapshot':
      return { runtime: message.runtime, jails: message.jails ?? undefined }
    case 'runtime':
      return { ...state, runtime: message.runtime }
    case 'jails':
      return { ...state, jails: message.jails }
    case 'events':
    case 'operation':
    default:
      return state
  }
}
