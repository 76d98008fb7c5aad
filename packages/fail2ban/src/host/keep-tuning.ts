import { parseAddress } from '@bangui/shared'
import { readIgnored } from '../ban-commands.ts'
import { nameOfBan } from '../ban-name.ts'
import type { JailTuning } from '../models/edit-models.ts'
import { getJailNumber, type JailNumber } from '../tuning-commands.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { tuneJail } from './tune-jail.ts'

/** The settings of a running jail that can be changed temporarily, as the daemon has them. */
export interface TuningNow {
  readonly numbers: Readonly<Record<JailNumber, number>>
  /** canonical addresses and networks */
  readonly ignored: ReadonlySet<string>
}

/** Reads what can be tuned in a running jail. @throws Fail2banCommandError for a jail that is not there */
export async function readTuning({ connection }: LocalHostContext, name: string): Promise<TuningNow> {
  const number = (key: JailNumber) => getJailNumber(connection, name, key)
  const [bantime, findtime, maxretry, { entries }] = await Promise.all([
    number('bantime'),
    number('findtime'),
    number('maxretry'),
    readIgnored(connection, name),
  ])
  const ignored = entries.map(nameOfBan).filter((entry) => parseAddress(entry) !== undefined)
  return { numbers: { bantime, findtime, maxretry }, ignored: new Set(ignored) }
}

/** Returns the tuning that leads a jail from one state to another. */
export function tuningBetween(from: TuningNow, to: TuningNow): JailTuning {
  const number = (key: JailNumber) => (from.numbers[key] === to.numbers[key] ? undefined : to.numbers[key])
  return {
    bantime: number('bantime'),
    findtime: number('findtime'),
    maxretry: number('maxretry'),
    addIgnored: [...to.ignored].filter((address) => !from.ignored.has(address)),
    removeIgnored: [...from.ignored].filter((address) => !to.ignored.has(address)),
  }
}

/**
 * Tunes a jail again after a load that reset it. Returns a sentence about what could not be kept, or null: a load that was
 * done is not undone for it.
 */
export async function keepTuning(
  context: LocalHostContext,
  name: string,
  tuning: JailTuning,
): Promise<string | null> {
  const { addIgnored, removeIgnored, ...numbers } = tuning
  const failures: string[] = []
  for (const part of [numbers, { addIgnored }, { removeIgnored }]) {
    try {
      await tuneJail(context, name, part)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (failures.length === 0) return null
  return `Some temporary changes to ${name} could not be kept: ${failures.join(' ')}`
}
