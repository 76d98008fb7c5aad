import type { BatchOptions, JailBan, UnbanOptions } from '../host-models.ts'

/** The verbs about bans. */
export interface BanVerbs {
  /** Returns the bans of a jail with their ends, from the daemon: slow with many. @throws JailUnknownError, Fail2banUnavailableError */
  list(jail: string): Promise<readonly JailBan[]>
  /** Returns the number of active bans by jail, which is cheap. @throws Fail2banUnavailableError */
  count(): Promise<readonly (readonly [jail: string, banned: number])[]>
  /**
   * Bans canonical addresses in a jail, in batches of about 100 ms. Stops between batches when the signal aborts.
   * @throws JailUnknownError, Fail2banUnavailableError; `onProgress` reports what was done until then
   */
  ban(
    jail: string,
    addresses: readonly string[],
    options?: BatchOptions,
  ): Promise<{ banned: number; already: number; done: number }>
  /** Ends bans; null: in every jail. A network ends the bans of everything inside it, unless `exactly`. @throws as {@link ban} */
  unban(
    jail: string | null,
    addresses: readonly string[],
    options?: UnbanOptions,
  ): Promise<{ unbanned: number; absent: number; done: number }>
}
