import type { LoadStep } from '@bangui/shared'
import { Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import { keepTuning, readTuning, tuningBetween, type TuningNow } from './keep-tuning.ts'
import { loadJail, type NarrowLoad } from './load-jail.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { tuningOf } from './runtime-settings.ts'
import type { SavedChange } from './saved-change.ts'

/** Does the load of a change: each jail by itself, in order, until one is refused. */
export const loadChange = (
  context: LocalHostContext,
  { load }: SavedChange,
  before: readonly string[],
): Promise<NarrowLoad> =>
  inOrder(load, async ({ jail, how }) => {
    if (how === 'none' || (how === 'reload' && !before.includes(jail))) return NOTHING
    return loadJail(context, jail, how !== 'stop')
  })

/** Loads the jails of a change as the restored files have them. */
export const unloadChange = (
  context: LocalHostContext,
  { load }: SavedChange,
  before: readonly string[],
): Promise<NarrowLoad> =>
  inOrder(load, async ({ jail, how }) => {
    const ran = before.includes(jail)
    if (how === 'none' || (how === 'reload' && !ran)) return NOTHING
    return loadJail(context, jail, ran)
  })

const NOTHING: NarrowLoad = { refused: null, output: null }

async function inOrder(
  steps: readonly LoadStep[],
  work: (step: LoadStep) => Promise<NarrowLoad>,
): Promise<NarrowLoad> {
  const outputs: string[] = []
  for (const step of steps) {
    const { output, ...load } = await work(step)
    if (output !== null) outputs.push(output)
    if (load.refused !== null) return { ...load, output: outputs.join('\n') || null }
  }
  return { refused: null, output: outputs.join('\n') || null }
}

/** What was tuned in running jails, by jail. */
export type TuningBefore = ReadonlyMap<string, TuningNow>

/** Reads what the load of a change resets: the temporary settings of the running jails that it reloads. */
export async function tuningBefore(
  context: LocalHostContext,
  { load }: SavedChange,
  before: readonly string[],
): Promise<TuningBefore> {
  const found = new Map<string, TuningNow>()
  for (const { jail, how } of load) {
    if (how !== 'reload' || !before.includes(jail)) continue
    try {
      found.set(jail, await readTuning(context, jail))
    } catch (error) {
      // the jail was unloaded in this moment, or has a value that is no number
      if (!isGone(error)) throw error
    }
  }
  return found
}

/** Sets what a change sets after its load. Returns sentences about what could not be set. */
export async function setRuntime(
  context: LocalHostContext,
  { runtime }: SavedChange,
  tuned: TuningBefore,
): Promise<(string | null)[]> {
  const notes: (string | null)[] = []
  for (const jail of tuned.keys()) notes.push(await keepTuning(context, jail, tuningOf(runtime, jail)))
  return notes
}

/** Sets again what the load of the restored files has reset. */
export async function restoreTuning(context: LocalHostContext, tuned: TuningBefore): Promise<void> {
  for (const [jail, tuning] of tuned) {
    try {
      await keepTuning(context, jail, tuningBetween(await readTuning(context, jail), tuning))
    } catch (error) {
      // a jail that did not come back is reported as missing
      if (!isGone(error)) throw error
    }
  }
}

const isGone = (error: unknown) =>
  error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError
