import type { Fail2banHost } from '../host.ts'
import type { HostContext } from './context.ts'
import type { Gate } from './exclusive.ts'

type TuningVerbs = Pick<
  Fail2banHost,
  | 'startJail'
  | 'stopJail'
  | 'reloadJail'
  | 'setIdle'
  | 'tuneJail'
  | 'getTuning'
  | 'prepareSettings'
  | 'prepareManualJail'
>

export function createTuningVerbs(_context: HostContext, _gate: Gate): TuningVerbs {
  const notBuilt = () => {
    throw new Error('not built yet')
  }
  return {
    startJail: notBuilt,
    stopJail: notBuilt,
    reloadJail: notBuilt,
    setIdle: notBuilt,
    tuneJail: notBuilt,
    getTuning: notBuilt,
    prepareSettings: notBuilt,
    prepareManualJail: notBuilt,
  }
}
