import type { Fail2banHost } from '../host.ts'
import type { HostContext } from './context.ts'

type HistoryVerbs = Pick<
  Fail2banHost,
  'readBanHistory' | 'readActiveBans' | 'listLiveBans' | 'countLiveBans' | 'databaseStatus'
> & { close(): Promise<void> }

export function createHistoryVerbs(_context: HostContext): HistoryVerbs {
  const notBuilt = () => {
    throw new Error('not built yet')
  }
  return {
    readBanHistory: notBuilt,
    readActiveBans: notBuilt,
    listLiveBans: notBuilt,
    countLiveBans: notBuilt,
    databaseStatus: notBuilt,
    close: async () => undefined,
  }
}
