import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pidfileOf } from '../host/daemon.ts'
import { findDaemonProcess } from '../host/daemon-process.ts'
import { createZoneClock, type ZoneClock } from './zone-clock.ts'

/** Gives the clock of the zone that a daemon runs in, by the process id that its log lines have. */
export type DaemonZones = (pid: number) => ZoneClock

/** A log has few daemons: each that is started has its own. */
const CACHED = 100

/**
 * Finds zones by what processes were started with (`TZ`). A process that is gone, or cannot be looked into, counts as
 * being in the zone that the configuration's pidfile leads to, or else in this machine's.
 */
export async function createDaemonZones(configDir: string): Promise<DaemonZones> {
  const common = await findDaemonZone(configDir)
  const zones = new Map<number, ZoneClock>()
  return (pid) => {
    const known = zones.get(pid)
    if (known) return known
    const environment = readEnvironmentOf(pid)
    const zone = environment === undefined ? common : createZoneClock(zoneIn(environment))
    if (zones.size >= CACHED) zones.clear()
    zones.set(pid, zone)
    return zone
  }
}

/** The clock of the zone that the daemon is in now, as the configuration's pidfile leads to it; or else this machine's. */
export const findDaemonZone = async (configDir: string): Promise<ZoneClock> =>
  createZoneClock(zoneIn(await readEnvironment(configDir)))

async function readEnvironment(configDir: string): Promise<string> {
  const pidfile = await pidfileOf(configDir).catch(() => undefined)
  const found = pidfile === undefined ? undefined : await findDaemonProcess(pidfile)
  if (!found || found.state === 'none') return ''
  return readFile(`/proc/${found.pid}/environ`, 'utf8').catch(() => '')
}

/** `/proc` is no disk; and the number can belong to another program, or to another namespace. */
function readEnvironmentOf(pid: number): string | undefined {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('fail2ban-server')) return undefined
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return undefined
  }
}

const zoneIn = (environment: string): string | undefined =>
  environment
    .split('\0')
    .find((variable) => variable.startsWith('TZ='))
    ?.slice('TZ='.length)
