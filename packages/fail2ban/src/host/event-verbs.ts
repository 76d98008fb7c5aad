import type { Fail2banHost } from '../host.ts'
import type { HostContext } from './context.ts'

type EventVerbs = Pick<Fail2banHost, 'watchEvents'>

export function createEventVerbs(_context: HostContext): EventVerbs {
  const notBuilt = () => {
    throw new Error('not built yet')
  }
  return {
    watchEvents: notBuilt,
  }
}
