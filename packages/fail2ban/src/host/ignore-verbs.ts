import { lookup } from 'node:dns/promises'
import { withTimeout } from '@bangui/async'
import { parseAddress, parseIgnorable } from '@bangui/shared'
import { readIgnored } from '../ban-commands.ts'
import { nameOfBan } from '../ban-name.ts'
import { isUnknownJail, jailArgument, listRunningJails } from '../commands.ts'
import { configuredIgnores } from '../config/configured-ignores.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { Fail2banCommandError, JailUnknownError } from '../errors.ts'
import type { ResolvedName, RunningIgnores, SetIgnores } from '../models/ignore-models.ts'
import type { IgnoreVerbs } from '../verbs/ignores.ts'
import { CommandError } from '../wire/encode-command.ts'
import { assertIgnorable, assertJailName } from './edit-ignores.ts'
import type { HostLock } from './host-lock.ts'
import { inJail } from './in-jail.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { changeIgnored } from './tune-jail.ts'

/** How many host names are resolved at once, and how long that may take, in milliseconds. */
const MAX_NAMES = 100
const RESOLVE_TIMEOUT_MS = 5_000

/** Creates the verbs about what jails never ban. */
export function createIgnoreVerbs(context: LocalHostContext, lock: HostLock): IgnoreVerbs {
  const { connection, configDir } = context
  return {
    listRunning: async () => {
      const jails = await listRunningJails(connection, deadlines.read)
      const lists = await Promise.all(jails.map((jail) => readRunning(context, jail)))
      return lists.filter((list) => list !== undefined)
    },
    listConfigured: async () => configuredIgnores(await readFail2banConfig(configDir)),
    resolve: async (names) => {
      if (names.length > MAX_NAMES) throw new CommandError(`At most ${MAX_NAMES} names are resolved at once.`)
      for (const name of names)
        if (parseIgnorable(name)?.address !== null) throw new CommandError('That is no host name.')
      return Promise.all(names.map(resolveName))
    },
    set: async (changes) => {
      for (const { jail, add, remove } of changes) {
        assertJailName(jail)
        for (const entry of [...add, ...remove]) assertIgnorable(entry)
      }
      const running = new Set(await listRunningJails(connection, deadlines.read))
      const unset = []
      for (const change of changes.filter(({ jail }) => running.has(jail))) {
        const problem = await lock.step(() => setInJail(context, change))
        if (problem !== null) unset.push({ jail: change.jail, problem })
      }
      return unset
    },
  }
}

/** Undefined: the jail was stopped in this moment. */
async function readRunning(
  { connection }: LocalHostContext,
  jail: string,
): Promise<RunningIgnores | undefined> {
  const ask = (key: string) => connection.request(['get', jailArgument(jail), key])
  try {
    const [{ entries, files }, self, command] = await Promise.all([
      readIgnored(connection, jail),
      ask('ignoreself'),
      ask('ignorecommand'),
    ])
    return {
      jail,
      entries: entries.map(nameOfBan),
      files: [...files],
      self: self === true,
      hasCommand: typeof command === 'string' && command !== '',
    }
  } catch (error) {
    if (isUnknownJail(error)) return undefined
    throw error
  }
}

/** Returns why the jail did not get it, or not at once; null: it has it, or does not run any more. */
async function setInJail(
  context: LocalHostContext,
  { jail, add, remove }: SetIgnores,
): Promise<string | null> {
  try {
    return await inJail(jail, () => changeIgnored(context, jail, { add, remove }))
  } catch (error) {
    if (error instanceof JailUnknownError) return null
    if (!(error instanceof Fail2banCommandError)) throw error
    const { files } = await readIgnored(context.connection, jail)
    // `filter.py` of 1.1.1 compares a new entry with all that are there, and fails at a `file:`
    return files.length === 0
      ? `${jail}: ${error.message}`
      : `${jail} reads ${files.join(', ')}. This version of fail2ban cannot add to such a list while the jail runs: a reload of ${jail} brings the entry into force.`
  }
}

async function resolveName(name: string): Promise<ResolvedName> {
  try {
    const found = await withTimeout(() => lookup(name, { all: true }), {
      milliseconds: RESOLVE_TIMEOUT_MS,
    })
    const addresses = found.flatMap(({ address }) => parseAddress(address)?.text ?? [])
    return { name, addresses: [...new Set(addresses)] }
  } catch {
    // whatever the reason, it has no address now
    return { name, addresses: [] }
  }
}
