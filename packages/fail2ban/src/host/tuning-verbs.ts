import { readIgnored } from '../ban-commands.ts'
import { nameOfBan } from '../ban-name.ts'
import { readFilter } from '../filter-commands.ts'
import type { Fail2banHost, JailTuning } from '../host.ts'
import { getJailNumber, setIgnored, setJailIdle, setJailNumber } from '../tuning-commands.ts'
import { canonicalOnly, inJail, usableOnly } from './ban-verbs.ts'
import type { HostContext } from './context.ts'
import type { Gate } from './exclusive.ts'
import { checkedNumbers } from './jail-settings.ts'
import { reloadJail, startJail, stopJail } from './jail-verbs.ts'
import { prepareManualJail, prepareSettings } from './prepare-settings.ts'

type TuningVerbs = Pick<
  Fail2banHost,
  | 'startJail'
  | 'stopJail'
  | 'reloadJail'
  | 'setIdle'
  | 'tuneJail'
  | 'getTuning'
  | 'getFilter'
  | 'prepareSettings'
  | 'prepareManualJail'
>

/** The verbs about one jail. What takes effect at once and is short waits for a change instead of being refused. */
export function createTuningVerbs(context: HostContext, gate: Gate): TuningVerbs {
  const { connection } = context
  return {
    startJail: (name) => gate.change(() => startJail(context, name)),
    stopJail: (name) => gate.change(() => inJail(name, () => stopJail(context, name))),
    reloadJail: (name) => gate.change(() => reloadJail(context, name)),
    setIdle: (name, idle) => gate.unit(() => inJail(name, () => setJailIdle(connection, name, idle))),
    tuneJail: (name, changes) => gate.unit(() => inJail(name, () => tuneJail(context, name, changes))),
    getTuning: (name) =>
      inJail(name, async () => {
        const [bantime, findtime, maxretry] = await Promise.all([
          getJailNumber(connection, name, 'bantime'),
          getJailNumber(connection, name, 'findtime'),
          getJailNumber(connection, name, 'maxretry'),
        ])
        return { bantime, findtime, maxretry }
      }),
    getFilter: (name) => inJail(name, () => readFilter(connection, name)),
    prepareSettings: (name, settings) => gate.change(() => prepareSettings(context, name, settings)),
    prepareManualJail: () => gate.change(() => prepareManualJail(context)),
  }
}

/** Everything is checked before anything is sent. */
async function tuneJail({ connection }: HostContext, name: string, changes: JailTuning): Promise<void> {
  const numbers = checkedNumbers(changes)
  const added = usableOnly(changes.addIgnored ?? [])
  const removed = canonicalOnly(changes.removeIgnored ?? []).map(({ text }) => text)
  for (const number of numbers) await setJailNumber(connection, name, number)
  if (added.length === 0 && removed.length === 0) return
  // fail2ban refuses to remove what is not there, and keeps two of what is there already
  const there = new Set((await readIgnored(connection, name)).map(nameOfBan))
  for (const address of added)
    if (!there.has(address)) await setIgnored(connection, name, { address, ignored: true })
  for (const address of removed)
    if (there.has(address)) await setIgnored(connection, name, { address, ignored: false })
}
