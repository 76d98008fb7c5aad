import { capabilitiesOf } from '../capabilities.ts'
import type { DaemonCapabilities } from '../models/daemon-models.ts'
import { PythonException } from './python-value.ts'
import { createSimulatedJail, type SimulatedJail, type SimulatedJailOptions } from './simulated-jail.ts'
import type { WriteLog } from './simulated-log.ts'

/** The state of a simulated daemon. */
export interface SimulatedDaemon {
  readonly version: string
  readonly capabilities: DaemonCapabilities
  readonly settings: Map<string, string | number | null>
  /** in the order they were added, as `banned` lists them */
  readonly jails: readonly SimulatedJail[]
  /** @throws PythonException when there is none */
  jail(name: string): SimulatedJail
  hasJail(name: string): boolean
  addJail(options: SimulatedJailOptions): SimulatedJail
  removeJail(name: string): void
}

const maxJails = 1000

/** Creates the state of a simulated daemon; `now` gives epoch milliseconds, `writeLog` takes what fail2ban would log. */
export const createSimulatedDaemon = (
  version: string,
  now: () => number,
  writeLog: WriteLog = () => undefined,
): SimulatedDaemon => {
  const jails = new Map<string, SimulatedJail>()
  return {
    version,
    capabilities: capabilitiesOf(version),
    settings: new Map<string, string | number | null>([
      ['loglevel', 'INFO'],
      ['logtarget', '/var/log/fail2ban.log'],
      ['syslogsocket', 'auto'],
      ['dbfile', null],
      ['dbpurgeage', 86_400],
      ['dbmaxmatches', 10],
    ]),
    get jails() {
      return [...jails.values()]
    },
    jail(name) {
      const jail = jails.get(name)
      if (!jail) throw new PythonException('fail2ban.exceptions', 'UnknownJailException', name)
      return jail
    },
    hasJail: (name) => jails.has(name),
    addJail(options) {
      if (jails.size >= maxJails) throw new PythonException('builtins', 'Exception', 'Too many jails')
      const jail = createSimulatedJail(options, now, writeLog)
      jails.set(options.name, jail)
      writeLog({ type: 'jail_started', jail: options.name })
      return jail
    },
    removeJail(name) {
      if (jails.delete(name)) writeLog({ type: 'jail_stopped', jail: name })
    },
  }
}
