import type { Steps } from '@bangui/async'
import type {
  BannedBatch,
  BanOptions,
  BatchStep,
  BatchUnbanned,
  JailBan,
  UnbanOptions,
} from '../models/ban-models.ts'

/** The verbs about bans. */
export interface BanVerbs {
  /** Returns the bans of a jail with their ends, from the daemon: slow with many. @throws jail_unknown, daemon_unavailable */
  list(jail: string): Promise<readonly JailBan[]>
  /** Returns the number of active bans by jail, which is cheap. @throws daemon_unavailable */
  count(): Promise<readonly (readonly [jail: string, banned: number])[]>
  /**
   * Bans a batch of at most 50 canonical addresses in a jail, each once. Two batches are under way at most; a batch without an
   * answer is looked up, and sent again as far as it was not done. Whose line of the log is whose is decided by the caller's clock when
   * it asked, so the host's log has to keep the same time (match-line.ts of @bangui/db).
   * @throws jail_unknown, daemon_unavailable, invalid_argument
   */
  ban(jail: string, addresses: readonly string[], options?: BanOptions): Promise<BannedBatch>
  /**
   * Ends bans in batches of about 100 ms; null: in every jail. A network ends the bans of everything inside it, unless
   * `exactly`. Stops between batches when the signal aborts, or when nobody reads its steps any more.
   * @throws jail_unknown, daemon_unavailable; the last step has what was done until then
   */
  unban(
    jail: string | null,
    addresses: readonly string[],
    options?: UnbanOptions,
  ): Steps<BatchStep, BatchUnbanned>
}
