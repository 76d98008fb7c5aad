import type { Jail, JailDetail, JailFilter } from '@bangui/shared'
import type { JailIgnoreList } from '../models/ignore-models.ts'
import type { JailTuning } from '../models/edit-models.ts'

/** The verbs about jails. They are started, stopped and loaded by changes: see `config.stage`. */
export interface JailVerbs {
  /** Returns every configured jail, running or not, and those that only the daemon has. */
  list(): Promise<Jail[]>
  /** Returns one jail with its effective settings and the place of each. @throws jail_unknown */
  get(name: string): Promise<JailDetail>
  /** Returns the current bantime of each jail, in seconds, -1 is permanent; cheap. @throws daemon_unavailable */
  listBantimes(): Promise<readonly (readonly [jail: string, seconds: number])[]>
  /** Returns a running jail's settings as the daemon has them now. @throws jail_unknown */
  getTuning(name: string): Promise<JailTuning>
  /** Returns the filter of a running jail, as the daemon has it. @throws jail_unknown */
  getFilter(name: string): Promise<JailFilter>
  /** Returns the ignore list of a jail as the daemon has it, and the content of the files in it. @throws jail_unknown */
  getIgnoreList(jail: string): Promise<JailIgnoreList>
  /** Returns every address, network and host name that a jail ignores now, including those in files. @throws jail_unknown */
  listIgnored(jail: string): Promise<readonly string[]>
  setIdle(name: string, idle: boolean): Promise<void>
  /** Changes a running jail until the next reload. @throws jail_unknown, command_refused */
  tune(name: string, changes: JailTuning): Promise<void>
}
