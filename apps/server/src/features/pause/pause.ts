import { mutex } from '@bangui/async'
import { deletePause, savePause, type HostDb } from '@bangui/db'
import { isHostError, type Fail2banHost } from '@bangui/fail2ban'
import { MINUTE_MS, type Pause, type PauseResult, type StartPauseInput } from '@bangui/shared'
import { AppError } from '../../lib/errors.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { JailList } from '../jails/jail-list.ts'

/** The maintenance pause of a host: jails are idle for a while, and then work again by themselves. */
export interface Pauses {
  /** Makes every jail idle that works now. @throws AppError pause_running, pause_needless */
  start(input: Pick<StartPauseInput, 'minutes' | 'reason'>, by: string): Promise<PauseResult>
  /** Lets the jails work again that the pause made idle. @throws AppError pause_none */
  end(): Promise<PauseResult>
  /** Lets a jail work again by `wake`, and takes it out of the pause, which makes it idle again neither before nor after. */
  release<TResult>(jail: string, wake: () => Promise<TResult>): Promise<TResult>
  /** Makes the jails of a pause that goes on idle again where they are not. Returns the pause if its time is over. */
  keep(): Promise<Pause | undefined>
}

export interface PausesOptions {
  readonly host: Pick<Fail2banHost, 'jails'>
  readonly hostDb: HostDb
  readonly jails: JailList
  readonly state: StateStore
  readonly clock: () => number
}

/** Creates the maintenance pause of a host. It outlives BanGUI and fail2ban; the state has it from the start. */
export function createPauses(options: PausesOptions): Pauses {
  const { hostDb, jails, state, clock } = options
  const oneAtATime = mutex()
  const show = (pause: Pause | null) => state.update((current) => ({ ...current, pause }))
  const store = async (pause: Pause) => {
    await savePause(hostDb, pause)
    await show(pause)
  }
  return {
    start: ({ minutes, reason }, by) =>
      oneAtATime(async () => {
        if (state.get().pause) throw new AppError('pause_running')
        const listed = await jails.refresh()
        const working = listed.filter(({ running, idle }) => running && idle !== true)
        if (working.length === 0) throw new AppError('pause_needless')
        const startedAt = clock()
        const names = working.map(({ name }) => name)
        const endsAt = startedAt + minutes * MINUTE_MS
        // stored first: what a crash leaves idle works again afterwards
        await store({ by, reason: reason || null, startedAt, endsAt, jails: names })
        const left = await setAll(options, names, true)
        return { jails: names.filter((name) => !left.includes(name)), left }
      }),
    end: () =>
      oneAtATime(async () => {
        const { pause } = state.get()
        if (!pause) throw new AppError('pause_none')
        const left = await setAll(options, pause.jails, false)
        if (left.length > 0) await store({ ...pause, jails: left, endsAt: Math.min(pause.endsAt, clock()) })
        else {
          await deletePause(hostDb)
          await show(null)
        }
        return { jails: pause.jails.filter((name) => !left.includes(name)), left }
      }),
    release: (jail, wake) =>
      oneAtATime(async () => {
        const result = await wake()
        const { pause } = state.get()
        if (pause?.jails.includes(jail))
          await store({ ...pause, jails: pause.jails.filter((name) => name !== jail) })
        return result
      }),
    keep: () =>
      oneAtATime(async () => {
        const { pause } = state.get()
        if (!pause) return undefined
        const { readOnly, serverStatus } = state.get()
        if (readOnly) return undefined
        const { online, responding, activity } = serverStatus
        const answers = online && responding && activity === null
        if (clock() >= pause.endsAt) return answers || !online ? pause : undefined
        if (!answers) return undefined
        // a jail that was loaded since, or that another fail2ban runs, is not idle
        const running = (jails.store.get() ?? []).filter((jail) => jail.running).map(({ name }) => name)
        const awake = pause.jails.filter((name) => running.includes(name) && !jails.idle.has(name))
        await setAll(options, awake, true)
        return undefined
      }),
  }
}

/** Sets jails idle or active. Returns those that fail2ban could not be asked about; those that it does not have are left out. */
async function setAll(
  { host, jails, clock }: PausesOptions,
  names: readonly string[],
  idle: boolean,
): Promise<string[]> {
  const left: string[] = []
  for (const name of names) {
    try {
      await host.jails.setIdle(name, idle)
      await (idle ? jails.idle.add(name, clock()) : jails.idle.remove(name))
    } catch (error) {
      if (isHostError(error, 'jail_unknown')) await jails.idle.remove(name)
      // a fail2ban that does not run has no idle jails, and starts without
      else if (isHostError(error, 'daemon_unavailable') && error.params.reason !== 'timeout') continue
      else left.push(name)
    }
  }
  if (names.length > 0) await jails.refresh().catch(() => undefined)
  return left
}
