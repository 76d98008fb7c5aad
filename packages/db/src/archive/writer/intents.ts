import { addressKey } from '@bangui/shared'
import type { Intent } from '../archive.ts'
import type { IntentRow } from './statements.ts'
import type { Store } from './store.ts'

/** How long after somebody asked a log line may still be theirs. */
const LIFETIME = 120_000

/** Remembers who is about to ban or unban. */
export function addIntents({ statements, transaction }: Store, intents: readonly Intent[]): void {
  const newest = Math.max(...intents.map(({ at }) => at))
  transaction(() => {
    statements.deleteIntentsBefore.run(newest - LIFETIME)
    for (const { jail, address, kind, by, reason, until, at } of intents)
      statements.insertIntent.run(jail, addressKey(address), kind, by.kind, by.name, reason, until, at)
  })
}

interface Done {
  readonly kind: Intent['kind']
  readonly jail: string
  readonly key: Uint8Array
  readonly at: number
}

/** Who asked for what a log line tells; each intent answers once. */
export function takeIntent({ statements }: Store, { kind, jail, key, at }: Done): IntentRow | undefined {
  const intent = statements.findIntent.get(jail, key, kind)
  if (!intent || Math.abs(at - intent.at) > LIFETIME) return undefined
  statements.deleteIntent.run(jail, key, kind)
  return intent
}
