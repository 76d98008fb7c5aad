import { isFullLoad, loadSteps, type DaemonRuntimeKey, type LoadStep } from '@bangui/shared'
import type { PythonValue } from '../config/python-literal.ts'
import { Fail2banCommandError, Fail2banUnavailableError, StartFailedError } from '../errors.ts'
import { getDaemonSetting, setDaemonSetting } from '../tuning-commands.ts'
import { CommandError } from '../wire/encode-command.ts'
import { commandsBefore } from './commands-before.ts'
import { emitStep } from './emit-step.ts'
import { listDaemonJails } from './daemon.ts'
import { keepTuning, readTuning, tuningBetween, type TuningNow } from './keep-tuning.ts'
import { loadAll, loadJail, stopJail, type NarrowLoad } from './load-jail.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { stopAndStart } from './reload.ts'
import { restartJail, type EndedBans } from './restart-jail.ts'
import { findStaleJails } from './stale-actions.ts'
import { tuningOf } from './runtime-settings.ts'
import { isLoadOnly, isStopOnly, type SavedChange } from './saved-change.ts'
import { undoRestarts } from './undo-restarts.ts'

/** How the load of a change ended. */
export interface LoadResult extends NarrowLoad {
  /** the jails that were loaded, and the one that was refused */
  readonly reached: readonly LoadStep[]
  /** what the jails had that were stopped, and that did not start again */
  readonly ended?: EndedBans
}

/**
 * Does the load of a change: settings of fail2ban itself, then each jail by itself, in order, until one is refused; or a restart
 * of fail2ban.
 */
export async function loadChange(
  context: LocalHostContext,
  change: SavedChange,
  before: readonly string[],
): Promise<LoadResult> {
  const { load, runtime } = change
  emitStep(context, 'loading')
  if (load === 'daemon-restart') return restart(context)
  if (isFullLoad(load)) return loadEverything(context, before)
  const refused = await setDaemonSettings(
    context,
    runtime.flatMap(({ jail, key, value }) => (jail === null ? [[key, value] as const] : [])),
  )
  if (refused !== null) return { refused, output: null, reached: [] }
  const steps = loadSteps(load)
  return inOrder(steps, async (step) => {
    const { jail, how } = step
    if (how === 'none' || (isReload(how) && !before.includes(jail))) return NOTHING
    emitStep(context, 'loading', { jail, done: steps.indexOf(step), total: steps.length })
    if (isStopOnly(change)) return stopJail(context, jail)
    return how === 'restart' ? restartJail(context, jail) : loadJail(context, jail, how !== 'stop')
  })
}

/** A jail whose actions differ from the files is restarted first: the load of everything would leave its bans without a rule. */
async function loadEverything(context: LocalHostContext, before: readonly string[]): Promise<LoadResult> {
  const stale = await findStaleJails(context, before)
  const steps = [...stale].map((jail): LoadStep => ({ jail, how: 'restart' }))
  const restarted = await inOrder(steps, ({ jail }) => restartJail(context, jail))
  if (restarted.refused !== null) return restarted
  const loaded = await loadAll(context)
  const output = [restarted.output, loaded.output].filter((part) => part !== null).join('\n') || null
  return { ...restarted, ...loaded, output }
}

/** Loads what a change loaded as the restored files have it; without files, a jail that it started goes again. */
export async function unloadChange(
  context: LocalHostContext,
  change: SavedChange,
  { before, reached }: { readonly before: readonly string[]; readonly reached: readonly LoadStep[] },
): Promise<LoadResult> {
  if (change.load === 'daemon-restart') return restart(context)
  const restarts = isLoadOnly(change) ? new Set<string>() : await undoRestarts(context, change)
  const steps = isLoadOnly(change) ? reached.filter(({ jail }) => !before.includes(jail)) : reached
  return inOrder(steps, async ({ jail, how }) => {
    const ran = before.includes(jail)
    if (how === 'none' || (isReload(how) && !ran)) return NOTHING
    // with the actions and options that it had before
    if (restarts.has(jail) && (await listDaemonJails(context)).includes(jail))
      return restartJail(context, jail)
    return loadJail(context, jail, ran)
  })
}

const isReload = (how: LoadStep['how']) => how === 'reload' || how === 'restart'

const NOTHING: NarrowLoad = { refused: null, output: null }

async function inOrder(
  steps: readonly LoadStep[],
  work: (step: LoadStep) => Promise<NarrowLoad>,
): Promise<LoadResult> {
  const outputs: string[] = []
  const reached: LoadStep[] = []
  for (const step of steps) {
    reached.push(step)
    const { output, endedBans, ...load } = await work(step)
    if (output !== null) outputs.push(output)
    const ended = new Map(endedBans && [[step.jail, endedBans]])
    if (load.refused !== null) return { ...load, output: outputs.join('\n') || null, reached, ended }
  }
  return { refused: null, output: outputs.join('\n') || null, reached }
}

/** Restarts fail2ban; it starts also where it does not run any more. */
async function restart(context: LocalHostContext): Promise<LoadResult> {
  try {
    const { output } = await stopAndStart(context, () => undefined)
    return { refused: null, output, reached: [] }
  } catch (error) {
    if (!isGone(error) && !(error instanceof StartFailedError)) throw error
    return { refused: error.message, output: null, reached: [] }
  }
}

/** Settings of fail2ban itself, as texts. */
export type DaemonSettings = readonly (readonly [key: DaemonRuntimeKey, value: string])[]

/** Reads the settings of fail2ban itself that a change sets. */
export async function daemonSettingsBefore(
  { connection }: LocalHostContext,
  { runtime }: SavedChange,
): Promise<DaemonSettings> {
  const found: (readonly [DaemonRuntimeKey, string])[] = []
  for (const { jail, key } of runtime) {
    const value = jail === null ? await getDaemonSetting(connection, key) : null
    if (jail === null && value !== null) found.push([key, value])
  }
  return found
}

/** Returns the settings of fail2ban itself that a change sets, as the files have them. */
export async function daemonSettingsInFiles(
  context: LocalHostContext,
  { runtime }: SavedChange,
): Promise<DaemonSettings> {
  const keys = runtime.flatMap(({ jail, key }) => (jail === null ? [key] : []))
  if (keys.length === 0) return []
  const { stream } = await commandsBefore(context)
  return stream.flatMap(([verb, name, value]) => {
    const key = keys.find((one) => one === name)
    return verb === 'set' && key !== undefined ? [[key, textOf(value)] as const] : []
  })
}

const textOf = (value: PythonValue | undefined) =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null)

/** Sets settings of fail2ban itself. Returns why one was refused; null: none was. */
export async function setDaemonSettings(
  { connection }: LocalHostContext,
  settings: DaemonSettings,
): Promise<string | null> {
  for (const [key, value] of settings) {
    try {
      await setDaemonSetting(connection, key, value)
    } catch (error) {
      if (error instanceof Fail2banCommandError || error instanceof CommandError)
        return `${key}: ${error.message}`
      throw error
    }
  }
  return null
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
  for (const { jail, how } of loadSteps(load)) {
    if (!isReload(how) || !before.includes(jail)) continue
    try {
      found.set(jail, await readTuning(context, jail))
    } catch (error) {
      // the jail was unloaded in this moment, or has a value that is no number
      if (!isGone(error)) throw error
    }
  }
  return found
}

/** Sets what a change sets in jails after its load. Returns sentences about what could not be set. */
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

const isGone = (error: unknown): error is Fail2banCommandError | Fail2banUnavailableError =>
  error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError
