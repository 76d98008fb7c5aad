import { singleFlight } from '@bangui/async'
import { isJailName } from '@bangui/shared'
import { readIgnored } from '../ban-commands.ts'
import { nameOfBan } from '../ban-name.ts'
import { JailUnknownError } from '../errors.ts'
import { readFilter } from '../filter-commands.ts'
import type { JailIgnoreList } from '../models/ignore-models.ts'
import { getJailNumber, listBantimes, setJailIdle } from '../tuning-commands.ts'
import type { JailVerbs } from '../verbs/jails.ts'
import type { HostLock } from './host-lock.ts'
import { readIgnoredFile } from './ignore-files.ts'
import { inJail, inRunningJail } from './in-jail.ts'
import { getJail, listJails } from './list-jails.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { tuneJail } from './tune-jail.ts'

/** Creates the verbs about jails. What takes effect at once and is short waits for a change instead of being refused. */
export function createJailVerbs(context: LocalHostContext, lock: HostLock): JailVerbs {
  const { connection } = context
  return {
    list: singleFlight(() => listJails(context)),
    async get(name) {
      if (!isJailName(name)) throw new JailUnknownError(name)
      return getJail(context, name)
    },
    listBantimes: async () => [...(await listBantimes(connection))],
    getIgnoreList: (name) => inRunningJail(connection, name, () => getIgnoreList(context, name)),
    listIgnored: (name) =>
      inRunningJail(connection, name, async () => {
        const { entries, files } = await getIgnoreList(context, name)
        return [...new Set([...entries, ...files.flatMap(({ addresses }) => addresses)])]
      }),
    setIdle: (name, idle) =>
      lock.step(() => inRunningJail(connection, name, () => setJailIdle(connection, name, idle))),
    tune: (name, changes) => lock.step(() => inJail(name, () => tuneJail(context, name, changes))),
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
  }
}

async function getIgnoreList({ connection }: LocalHostContext, jail: string): Promise<JailIgnoreList> {
  const { entries, files } = await readIgnored(connection, jail)
  return { entries: entries.map(nameOfBan), files: await Promise.all(files.map(readIgnoredFile)) }
}
