import { readIgnored } from '../ban-commands.ts'
import type { WordChange } from '../config/edit-words.ts'
import { nameOfBan } from '../ban-name.ts'
import { readFilter } from '../filter-commands.ts'
import { Fail2banCommandError } from '../errors.ts'
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

/** Everything is checked before anything is sent, and what fail2ban can refuse is sent first. */
async function tuneJail(context: HostContext, name: string, changes: JailTuning): Promise<void> {
  const numbers = checkedNumbers(changes)
  const add = usableOnly(changes.addIgnored ?? [])
  const remove = canonicalOnly(changes.removeIgnored ?? []).map(({ text }) => text)
  if (add.length > 0 || remove.length > 0) await changeIgnored(context, name, { add, remove })
  for (const number of numbers) await setJailNumber(context.connection, name, number)
}

/** fail2ban refuses to remove what is not there, and keeps two of what is there already. */
async function changeIgnored(
  { connection }: HostContext,
  name: string,
  { add, remove }: WordChange,
): Promise<void> {
  const { entries, files } = await readIgnored(connection, name)
  const there = new Set(entries.map(nameOfBan))
  const [file] = files
  for (const address of add) {
    if (there.has(address)) continue
    await setIgnored(connection, name, { address, ignored: true }).catch((error: unknown) => {
      throw file !== undefined && error instanceof Fail2banCommandError ? noneAfterFile(file, error) : error
    })
  }
  for (const address of remove)
    if (there.has(address)) await setIgnored(connection, name, { address, ignored: false })
}

/** `filter.py` of 1.1.1 compares a new entry with all that are there, and fails at a `file:`. */
const noneAfterFile = (path: string, cause: Fail2banCommandError) =>
  new Fail2banCommandError(
    cause.className,
    `The ignore list reads the file ${path}, and this version of fail2ban cannot add an entry to such a list while it runs. Add the address to that file, or make the change permanent.`,
    { cause },
  )
