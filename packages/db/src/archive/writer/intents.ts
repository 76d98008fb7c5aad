import { addressKey } from '@bangui/shared'
import type { Intent, Pair } from '../archive.ts'
import { inChunks } from './in-chunks.ts'
import type { BanRow, IntentRow } from './statements.ts'
import type { Store } from './store.ts'

/** How long after somebody asked a log line may still be theirs. */
const LIFETIME = 120_000

/** Remembers who is about to ban or unban: of a wide network, hundreds of thousands. */
export async function addIntents(store: Store, intents: readonly Intent[]): Promise<void> {
  const { statements, transaction } = store
  const newest = intents.reduce((latest, { at }) => Math.max(latest, at), 0)
  transaction(() => void statements.deleteIntentsBefore.run(newest - LIFETIME))
  await inChunks(store, intents, {
    each: ({ jail, address, kind, by, reason, until, at, restores = null }) =>
      void statements.insertIntent.run({
        jail,
        address: addressKey(address),
        kind,
        by_kind: by.kind,
        by_name: by.name,
        reason,
        until,
        at,
        restores,
      }),
  })
}

/** Forgets what was asked at that moment and was not done; what was asked since stays. */
export const removeIntents = (
  store: Store,
  pairs: readonly Pair[],
  { kind, at }: Pick<Intent, 'kind' | 'at'>,
): Promise<void> =>
  inChunks(store, pairs, {
    each: ({ jail, address }) =>
      void store.statements.deleteIntentOf.run(jail, addressKey(address), kind, at),
  })

interface Done {
  readonly kind: Intent['kind']
  readonly jail: string
  readonly key: Uint8Array
  readonly at: number
  /** what was asked for before that was about something else @default any time */
  readonly since?: number
}

/** A log line can have its time in whole seconds, in milliseconds. */
const WHOLE_SECOND = 1_000

/** Who asked for what a log line tells, before it; each intent answers once. */
export function takeIntent(
  { statements }: Store,
  { kind, jail, key, at, since = Number.NEGATIVE_INFINITY }: Done,
): IntentRow | undefined {
  const intent = statements.findIntent.get(jail, key, kind)
  if (!intent || intent.at < since || intent.at > at + WHOLE_SECOND || at - intent.at > LIFETIME)
    return undefined
  statements.deleteIntent.run(jail, key, kind)
  return intent
}

/** Who asked for the end of a ban, since it began. */
export const takeUnbanIntent = (
  store: Store,
  { jail, key, at, ban }: Omit<Done, 'kind' | 'since'> & { readonly ban: BanRow },
): IntentRow | undefined =>
  takeIntent(store, { kind: 'unban', jail, key, at, since: ban.logged_at ?? ban.at - WHOLE_SECOND })
