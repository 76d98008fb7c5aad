import type { Steps } from '@bangui/async'
import type {
  BatchBanned,
  BatchOptions,
  BatchStep,
  BatchUnbanned,
  JailBan,
  UnbanOptions,
} from '../host-models.ts'

/** The verbs about bans. */
export interface BanVerbs {
  /** Returns the bans of a jail with their ends, from the daemon: slow with many. @throws jail_unknown, daemon_unavailable */
  list(jail: string): Promise<readonly JailBan[]>
  /** Returns the number of active bans by jail, which is cheap. @throws daemon_unavailable */
  count(): Promise<readonly (readonly [jail: string, banned: number])[]>
  /**
   * Bans canonical addresses in a jail, in batches of about 100 ms. Stops between batches when the signal aborts.
   * @throws jail_unknown, daemon_unavailable; the last step has what was done until then
   */
  ban(jail: string, addresses: readonly string[], options?: BatchOptions): Steps<BatchStep, BatchBanned>
  /** Ends bans; null: in every jail. A network ends the bans of everything inside it, unless `exactly`. @throws as {@link ban} */
  unban(
    jail: string | null,
    addresses: readonly string[],
    options?: UnbanOptions,
  ): Steps<BatchStep, BatchUnbanned>
}
