import { readFilter } from '../filter-commands.ts'
import type { Fail2banHost } from '../host.ts'
import { getJailNumber, setJailIdle } from '../tuning-commands.ts'
import { inJail, inRunningJail } from './ban-verbs.ts'
import type { HostContext } from './context.ts'
import type { Gate, Turns } from './exclusive.ts'
import { reloadJail, startJail, stopJail } from './jail-verbs.ts'
import { prepareManualJail } from './prepare-manual-jail.ts'
import { prepareSettings, previewSettings } from './prepare-settings.ts'
import { tuneJail } from './tune-jail.ts'

type TuningVerbs = Pick<
  Fail2banHost,
  | 'startJail'
  | 'stopJail'
  | 'reloadJail'
  | 'setIdle'
  | 'tuneJail'
  | 'getTuning'
  | 'getFilter'
  | 'previewSettings'
  | 'prepareSettings'
  | 'prepareManualJail'
>

/** The verbs about one jail. What takes effect at once and is short waits for a change instead of being refused. */
export function createTuningVerbs(context: HostContext, gate: Gate, previews: Turns): TuningVerbs {
  const { connection } = context
  return {
    startJail: (name) => gate.change(() => startJail(context, name)),
    stopJail: (name) => gate.change(() => inJail(name, () => stopJail(context, name))),
    reloadJail: (name) => gate.change(() => reloadJail(context, name)),
    setIdle: (name, idle) =>
      gate.unit(() => inRunningJail(connection, name, () => setJailIdle(connection, name, idle))),
    tuneJail: (name, changes) => gate.unit(() => inJail(name, () => tuneJail(context, name, changes))),
    getTuning: (name) =>
      inRunningJail(connection, name, async () => {
        const [bantime, findtime, maxretry] = await Promise.all([
          getJailNumber(connection, name, 'bantime'),
          getJailNumber(connection, name, 'findtime'),
          getJailNumber(connection, name, 'maxretry'),
        ])
        return { bantime, findtime, maxretry }
      }),
    getFilter: (name) => inRunningJail(connection, name, () => readFilter(connection, name)),
    previewSettings: (name, settings) => previews(() => previewSettings(context, name, settings)),
    prepareSettings: (name, settings) => gate.change(() => prepareSettings(context, name, settings)),
    prepareManualJail: () => gate.change(() => prepareManualJail(context)),
  }
}
