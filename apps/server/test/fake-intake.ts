import {
  deleteTimers,
  insertTimers,
  listDueTimers,
  type AnsweredBans,
  type HostDb,
  type Pair,
  type PendingAction,
  type Timer,
} from '@bangui/db'
import { isByBangui, type Ban } from '@bangui/shared'

const nameOf = ({ jail, address }: Pair) => `${jail} ${address}`

/** Pending actions in memory and their timers, which change as with the archive; lines are read at once. */
export function createFakeIntake(hostDb: HostDb) {
  const pendingActions: PendingAction[] = []
  const list = () => listDueTimers(hostDb, Number.MAX_SAFE_INTEGER, 100_000)

  const timerOf = ({ jail, address, operation, at, duration = null, until }: PendingAction): Timer[] => {
    const endsAt = until ?? (duration === null ? null : at + duration * 1_000)
    return endsAt === null ? [] : [{ jail, address, operation, setAt: at, endsAt, state: 'pending' }]
  }
  /** Arms the timers of these actions, and deletes those that were set for their pairs before. */
  const arm = async (actions: readonly PendingAction[]) => {
    const operations = new Map(actions.map((action) => [nameOf(action), action.operation]))
    const timers = (await list()).filter((timer) => operations.has(nameOf(timer)))
    const [own, older] = [true, false].map((isOwn) =>
      timers.filter((timer) => (operations.get(nameOf(timer)) === timer.operation) === isOwn),
    )
    await deleteTimers(hostDb, older ?? [])
    await insertTimers(hostDb, own?.map((timer) => ({ ...timer, state: 'armed' })) ?? [])
  }
  const remove = async (operation: string, kind: PendingAction['kind'], pairs: readonly Pair[]) => {
    const names = new Set(pairs.map(nameOf))
    const isMeant = (one: PendingAction) =>
      one.kind === kind && one.operation === operation && names.has(nameOf(one))
    const left = pendingActions.filter((one) => !isMeant(one))
    pendingActions.splice(0, pendingActions.length, ...left)
    const timers = await list()
    await deleteTimers(
      hostDb,
      timers.filter((timer) => timer.operation === operation && names.has(nameOf(timer))),
    )
  }

  return {
    pendingActions,
    remove,
    async add(actions: readonly PendingAction[]) {
      pendingActions.push(...actions)
      await insertTimers(hostDb, actions.filter(({ kind }) => kind === 'ban').flatMap(timerOf))
    },
    /** The log has a line for each of these bans. */
    async readLines(jail: string, addresses: readonly string[]) {
      const names = new Set(addresses.map((address) => nameOf({ jail, address })))
      await arm(pendingActions.filter((one) => one.kind === 'ban' && names.has(nameOf(one))))
    },
    async deleteTimers(pairs: readonly Pair[], setUntil: number) {
      const names = new Set(pairs.map(nameOf))
      const timers = await list()
      await deleteTimers(
        hostDb,
        timers.filter((timer) => names.has(nameOf(timer)) && timer.setAt <= setUntil),
      )
    },
    async answer({ operation, jail, already }: AnsweredBans, active: readonly Ban[]) {
      const names = new Set(already.map((address) => nameOf({ jail, address })))
      const isOfOthers = new Set(active.filter(({ by }) => !isByBangui(by)).map(nameOf))
      const own = pendingActions.filter((one) => one.operation === operation && names.has(nameOf(one)))
      await arm(own.filter((one) => !isOfOthers.has(nameOf(one))))
      const kept = new Set(own.filter((one) => !isOfOthers.has(nameOf(one))))
      pendingActions.splice(0, pendingActions.length, ...pendingActions.filter((one) => !own.includes(one)))
      await remove(
        operation,
        'ban',
        own.filter((one) => !kept.has(one)),
      )
      return []
    },
  }
}
