import type { BatchOptions, JailBan, UnbanOptions } from '../host-models.ts'

/** The verbs about bans. */
export interface BanVerbs {
  /** The bans of a jail with their ends, from the daemon: slow with many. @throws JailUnknownError, Fail2banUnavailableError */
  list(jail: string): Promise<readonly JailBan[]>
  /** Bans in force by jail, cheaply. @throws Fail2banUnavailableError */
  count(): Promise<ReadonlyMap<string, number>>
  /**
   * Bans canonical addresses in a jail, in batches of about 100 ms. Stops between batches when the signal aborts.
   * @throws JailUnknownError, Fail2banUnavailableError; `onProgress` reports what was done until then
   */
  ban(
    jail: string,
    addresses: readonly string[],
    options?: BatchOptions,
  ): Promise<{ banned: number; already: number; done: number }>
  /** Ends bans; null: in every jail. A network ends those of all that it holds, unless `exactly`. @throws as {@link ban} */
  unban(
    jail: string | null,
    addresses: readonly string[],
    options?: UnbanOptions,
  ): Promise<{ unbanned: number; absent: number; done: number }>
}
