import { readFilter } from '../filter-commands.ts'
import type { Fail2banHost } from '../host.ts'
import { getJailNumber, setJailIdle } from '../tuning-commands.ts'
import { inJail, inRunningJail } from './ban-verbs.ts'
import type { LocalHostContext } from './local-host-context.ts'
import type { Lock } from '@bangui/async'
import type { HostLock } from './host-lock.ts'
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
export function createTuningVerbs(context: LocalHostContext, lock: HostLock, previews: Lock): TuningVerbs {
  const { connection } = context
  return {
    startJail: (name) => lock.change(() => startJail(context, name)),
    stopJail: (name) => lock.change(() => inJail(name, () => stopJail(context, name))),
    reloadJail: (name) => lock.change(() => reloadJail(context, name)),
    setIdle: (name, idle) =>
      lock.step(() => inRunningJail(connection, name, () => setJailIdle(connection, name, idle))),
    tuneJail: (name, changes) => lock.step(() => inJail(name, () => tuneJail(context, name, changes))),
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
    prepareSettings: (name, settings) => lock.change(() => prepareSettings(context, name, settings)),
    prepareManualJail: () => lock.change(() => prepareManualJail(context)),
  }
}
