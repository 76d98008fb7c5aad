import type { Fail2banHost } from '../host.ts'
import type { HostContext } from './context.ts'

type BanVerbs = Pick<Fail2banHost, 'ban' | 'unban' | 'listJailBans' | 'countJailBans' | 'listIgnored'>

export function createBanVerbs(_context: HostContext): BanVerbs {
  const notBuilt = () => {
    throw new Error('not built yet')
  }
  return {
    ban: notBuilt,
    unban: notBuilt,
    listJailBans: notBuilt,
    countJailBans: notBuilt,
    listIgnored: notBuilt,
  }
}
