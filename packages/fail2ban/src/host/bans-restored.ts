import { stat } from 'node:fs/promises'
import { singleFlight, sleep } from '@bangui/async'
import { capabilitiesOf } from '../capabilities.ts'
import { isUnknownJail, listRunningJails, readJailCounts, readVersion } from '../commands.ts'
import { Fail2banUnavailableError } from '../errors.ts'
import { readDaemonIdentity } from '../probe.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { waitUntil } from './daemon.ts'
import { pidfileOf } from './pidfile.ts'

/** Milliseconds between two looks at a daemon that restores its bans: it bans them one by one. */
const LOOK_EVERY_MS = 1_000
/** A daemon that has listened for so long has its bans, in milliseconds: what it bans then are attackers. */
const RESTORED_AFTER_MS = 60_000
/** Looks that find nothing new until a daemon has its bans: one that was seen to start again may pause between two. */
const LOOKS = { first: 1, again: 3 } as const
/** Looks that find no jail until it counts as one without any: a daemon listens a moment before it has them. */
const LOOKS_WITHOUT_JAIL = 4

/** A daemon that starts has its jails and bans only bit by bit: what is missing then is not gone. */
export interface BansRestored {
  /** the life of the daemon that is known to have all its bans; null: none yet */
  readonly life: string | null
  /** Whether the daemon has all its bans, and had them already when `life` was read. */
  isStill(life: string | null): Promise<boolean>
  /**
   * Looks at a daemon that has all its bans, and is the same one at the end. One that is away is waited for, for `away`
   * milliseconds (by default not at all). @throws Fail2banUnavailableError
   */
  look<TResult>(work: () => Promise<TResult>, away?: number): Promise<TResult>
}

type Context = Pick<LocalHostContext, 'connection' | 'socketPath' | 'configDir'>

/** Makes {@link BansRestored}; each life of the daemon is waited for once, when somebody first needs all its bans. */
export function createBansRestored(
  context: Context,
  between: number = LOOK_EVERY_MS,
  patience: number = RESTORED_AFTER_MS,
): BansRestored {
  let life: string | null = null
  let pidfile: Promise<string | undefined> | undefined
  const readLife = async () => {
    pidfile ??= pidfileOf(context.configDir).catch(() => undefined)
    return (await readDaemonIdentity(context.socketPath, await pidfile)).identity
  }
  const settle = singleFlight(async () => {
    const now = await readLife()
    if (life === now) return life
    if ((await ageOf(context.socketPath)) > patience) {
      life = now
      return life
    }
    const looks = life === null ? LOOKS.first : LOOKS.again
    life = await waitUntilStill(() => readRestoring(context, readLife), { between, patience, looks })
    return life
  })
  const isStill = async (known: string | null) => known !== null && known === (await readLife())

  return {
    get life() {
      return life
    },
    isStill,
    async look<TResult>(work: () => Promise<TResult>, away = 0) {
      let found: { readonly result: TResult } | undefined
      let failure: unknown
      const attempt = async () => {
        let known: string | null = null
        try {
          known = await settle()
          const result = await work()
          if (!(await isStill(known))) throw restarted()
          found = { result }
          return true
        } catch (error) {
          failure = isUnknownJail(error) && !(await isStill(known)) ? restarted() : error
          if (failure instanceof Fail2banUnavailableError) return false
          throw error
        }
      }
      await waitUntil(attempt, away)
      if (found === undefined) throw failure
      return found.result
    },
  }
}

const restarted = () => new Fail2banUnavailableError('refused', 'fail2ban was started again in the middle.')

/** What changes while a daemon restores its bans, and whether it has a jail. */
interface Restoring {
  readonly life: string
  readonly banned: string
  readonly hasJails: boolean
}

async function readRestoring({ connection }: Context, readLife: () => Promise<string>): Promise<Restoring> {
  const life = await readLife()
  const [version, jails] = await Promise.all([
    readVersion(connection, deadlines.read),
    listRunningJails(connection, deadlines.read),
  ])
  const options = { capabilities: capabilitiesOf(version), deadline: deadlines.read }
  const counts = await readJailCounts(connection, jails, options)
  // unlike the bans in force these only grow, whatever ends meanwhile
  const totals = [...counts].map(([name, { totalBanned }]) => [name, totalBanned])
  return { life, banned: JSON.stringify(totals), hasJails: jails.length > 0 }
}

async function waitUntilStill(
  read: () => Promise<Restoring>,
  {
    between,
    patience,
    looks,
  }: { readonly between: number; readonly patience: number; readonly looks: number },
): Promise<string> {
  const end = performance.now() + patience
  let before = await read()
  for (let unchanged = 0; ;) {
    await sleep(between)
    const now = await read()
    unchanged = now.life === before.life && now.banned === before.banned ? unchanged + 1 : 0
    const isOver = performance.now() > end
    if (isOver || unchanged >= (now.hasJails ? looks : LOOKS_WITHOUT_JAIL)) return now.life
    before = now
  }
}

/** How long the daemon has been listening, in milliseconds; 0 where nobody can say. */
const ageOf = (socketPath: string): Promise<number> =>
  stat(socketPath).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
