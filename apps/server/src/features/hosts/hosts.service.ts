import type { HostEntry } from '@bangui/shared'
import type { ScopeDeps } from '../../deps.ts'

/** Returns the hosts that the caller may see. */
export const listHosts = ({ scope }: Pick<ScopeDeps, 'scope'>): HostEntry[] =>
  scope.map(({ key, name, kind, state }) => {
    const { online, responding, version } = state.get().serverStatus
    return { id: key, name, kind, online, responding, version }
  })
