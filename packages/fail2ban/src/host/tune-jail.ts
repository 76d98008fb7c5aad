import { readIgnored } from '../ban-commands.ts'
import { nameOfBan } from '../ban-name.ts'
import type { WordChange } from '../config/edit-words.ts'
import { Fail2banCommandError } from '../errors.ts'
import type { JailTuning } from '../models/edit-models.ts'
import { emptyIgnoreCache, setIgnored, setJailNumber } from '../tuning-commands.ts'
import { removableOnly, usableOnly } from './canonical-addresses.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { checkedNumbers } from './jail-settings.ts'

/**
 * Changes a running jail until its next load. Everything is checked before anything is sent, and what fail2ban can refuse
 * is sent first. @throws CommandError for a bad value, Fail2banCommandError
 */
export async function tuneJail(context: LocalHostContext, name: string, changes: JailTuning): Promise<void> {
  const numbers = checkedNumbers(changes)
  const add = usableOnly(changes.addIgnored ?? [])
  const remove = removableOnly(changes.removeIgnored ?? [])
  if (add.length > 0 || remove.length > 0) await changeIgnored(context, name, { add, remove })
  for (const number of numbers) await setJailNumber(context.connection, name, number)
}

/**
 * Changes what a running jail ignores until its next load: fail2ban refuses to remove an entry that it does not have, and keeps an entry twice that is added
 * twice. Returns what keeps the change from holding at once, as a sentence; null: nothing.
 */
export async function changeIgnored(
  { connection }: LocalHostContext,
  name: string,
  { add, remove }: WordChange,
): Promise<string | null> {
  const { entries, files } = await readIgnored(connection, name)
  const there = new Set(entries.map(nameOfBan))
  const [file] = files
  const missing = add.filter((address) => !there.has(address))
  const left = remove.filter((address) => there.has(address))
  for (const address of missing)
    await setIgnored(connection, name, { address, ignored: true }).catch((error: unknown) => {
      throw file !== undefined && error instanceof Fail2banCommandError ? noneAfterFile(file, error) : error
    })
  for (const address of left) await setIgnored(connection, name, { address, ignored: false })
  return missing.length + left.length === 0 ? null : emptyIgnoreCache(connection, name)
}

/** `filter.py` of 1.1.1 compares a new entry with all that are there, and fails at a `file:`. */
const noneAfterFile = (path: string, cause: Fail2banCommandError) =>
  new Fail2banCommandError(
    cause.params.className,
    `The ignore list reads the file ${path}, and this version of fail2ban cannot add an entry to such a list while it runs. Add the address to that file, or make the change permanent.`,
    { cause },
  )
