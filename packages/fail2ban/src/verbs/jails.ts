import type { Jail, JailDetail, JailFilter } from '@bangui/shared'
import type { JailIgnoreList, JailTuning, LoadOutcome } from '../host-models.ts'

/** The verbs about jails. */
export interface JailVerbs {
  /** Returns every configured jail, running or not, and those that only the daemon has. */
  list(): Promise<Jail[]>
  /** One jail with its effective settings and where each comes from. @throws JailUnknownError */
  get(name: string): Promise<JailDetail>
  /** How long each jail bans for now, in seconds, -1 is permanent; cheaply. @throws Fail2banUnavailableError */
  listBantimes(): Promise<ReadonlyMap<string, number>>
  /** A running jail's settings as the daemon has them now. @throws JailUnknownError */
  getTuning(name: string): Promise<JailTuning>
  /** Returns the filter of a running jail, as the daemon has it. @throws JailUnknownError */
  getFilter(name: string): Promise<JailFilter>
  /** The ignore list of a jail as the daemon has it, and what the files in it hold. @throws JailUnknownError */
  getIgnoreList(jail: string): Promise<JailIgnoreList>
  /** Every address, network and host name that a jail ignores now, those in files included. @throws JailUnknownError */
  listIgnored(jail: string): Promise<readonly string[]>
  /** Starts a jail that the configuration has, as it stands there. Tested and rehearsed first. */
  start(name: string): Promise<void>
  /** Takes a jail out of the daemon until it is loaded again. @throws JailUnknownError */
  stop(name: string): Promise<void>
  /** Loads a jail's configuration again; tested and rehearsed first. */
  reload(name: string): Promise<LoadOutcome>
  setIdle(name: string, idle: boolean): Promise<void>
  /** Changes a running jail until the next reload. @throws JailUnknownError, Fail2banCommandError */
  tune(name: string, changes: JailTuning): Promise<void>
}
