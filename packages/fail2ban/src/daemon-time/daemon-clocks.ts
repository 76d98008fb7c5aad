import { pidfileOf } from '../host/pidfile.ts'
import { findDaemonProcess } from '../host/daemon-process.ts'
import { createDaemonClock, type DaemonClock, type ZoneHint } from './daemon-clock.ts'
import { createProcessZones, findOwnZone } from './process-zone.ts'

/** Creates the clocks of the runs of a daemon, for everything that reads its local times. */
export interface DaemonClocks {
  /** Creates the clock of a run of the log: by the process id that its lines have, and the clock of the run before it. */
  createForRun(pid: number, before?: DaemonClock): DaemonClock
  /** Creates a clock for the daemon's answers of now. */
  createForNow(): Promise<DaemonClock>
  /** Remembers the clock of the newest run of the log, and its process id. */
  setNewest(run: LoggedRun): void
  /** Finds out again which process the daemon is. */
  refresh(): Promise<void>
}

/** A run of the daemon, as its log has it. */
export interface LoggedRun {
  readonly pid: number
  readonly clock: DaemonClock
}

/** Creates {@link DaemonClocks} for the daemon of a configuration. */
export function createDaemonClocks(configDir: string): DaemonClocks {
  const findZone = createProcessZones()
  const ofProcess = (pid: number | undefined, isOwn: boolean): ZoneHint[] => {
    const zone = pid === undefined ? undefined : findZone(pid)
    return zone ? [{ zone, isOwn }] : []
  }
  let daemonPid: number | undefined
  let newest: LoggedRun | undefined
  const refresh = async () => {
    const pidfile = await pidfileOf(configDir).catch(() => undefined)
    const found = pidfile === undefined ? undefined : await findDaemonProcess(pidfile)
    daemonPid = found && found.state !== 'none' ? found.pid : undefined
  }
  return {
    createForRun: (pid, before) =>
      createDaemonClock(() => [
        ...ofProcess(pid, true),
        ...observedBy(before),
        ...ofProcess(daemonPid, pid === 0),
        { zone: findOwnZone(), isOwn: false },
      ]),
    async createForNow() {
      await refresh()
      const isNewest = daemonPid === undefined || daemonPid === newest?.pid
      return createDaemonClock(() => [
        ...(isNewest ? observedBy(newest?.clock) : []),
        ...ofProcess(daemonPid, true),
        { zone: findOwnZone(), isOwn: false },
      ])
    },
    setNewest(run) {
      newest = run
    },
    refresh,
  }
}

const observedBy = (clock: DaemonClock | undefined): ZoneHint[] =>
  clock?.isObserved() === true ? [{ zone: clock.zone(), isOwn: false }] : []
