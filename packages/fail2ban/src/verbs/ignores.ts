import type {
  ConfiguredIgnores,
  ResolvedName,
  RunningIgnores,
  SetIgnores,
  UnsetIgnores,
} from '../models/ignore-models.ts'

/** The verbs about what jails never ban. The configuration is changed by `config.stage`. */
export interface IgnoreVerbs {
  /** Returns the ignore list of every running jail, as the daemon has it now. @throws daemon_unavailable */
  listRunning(): Promise<RunningIgnores[]>
  /** Returns the ignore lists of the configuration, also of jails that are off. @throws config_unreadable */
  listConfigured(): Promise<ConfiguredIgnores>
  /** Returns the addresses that host names have now, as this machine resolves them; at most 100 names. @throws invalid_argument */
  resolve(names: readonly string[]): Promise<ResolvedName[]>
  /**
   * Changes what running jails ignore until their next load, without one. Returns why some did not get it; a jail that does not run
   * is left out. @throws invalid_argument, daemon_unavailable
   */
  set(changes: readonly SetIgnores[]): Promise<UnsetIgnores[]>
}
