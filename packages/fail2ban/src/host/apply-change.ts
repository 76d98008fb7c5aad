import { expectRunning, findMissingJails, loadSteps } from '@bangui/shared'
import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { ConfigChangedError, LoadCancelledError } from '../errors.ts'
import type { ApplyOptions, ApplyOutcome } from '../models/change-models.ts'
import { confirmationOf, refuseBesideUnconfirmed } from './confirm-change.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { emitStep } from './emit-step.ts'
import { findDaemon } from './daemon.ts'
import { hasContent } from './live-files.ts'
import { compareJails, jailsAfter, jailsBefore, jailsLeftOut } from './jails-of-change.ts'
import { whyLeftOut } from './jails-without-log.ts'
import {
  daemonSettingsBefore,
  loadChange,
  restoreTuning,
  setDaemonSettings,
  setRuntime,
  tuningBefore,
  unloadChange,
  type DaemonSettings,
  type LoadResult,
  type TuningBefore,
} from './load-change.ts'
import { loadJail } from './load-jail.ts'
import { noteState, whyNotStored } from './note-state.ts'
import { putFiles } from './put-files.ts'
import { restoreEndedBans } from './restart-jail.ts'
import { isLoadOnly, isStopOnly, type SavedChange, type SavedFile } from './saved-change.ts'

/**
 * Writes a prepared change, does its load alone, and sets its runtime settings. A refused load is undone at once. A daemon
 * that ended is left to the caller, who rolls back.
 * @throws ConfigChangedError when a file is no longer as it was saved, ConfigUnwritableError, ChangePendingError,
 * Fail2banUnavailableError before anything is changed
 */
export async function applyChange(
  context: LocalHostContext,
  changeId: string,
  options: ApplyOptions = {},
): Promise<ApplyOutcome> {
  const confirmation = confirmationOf(options)
  const saved = await context.changes.get(changeId)
  const change = saved && { ...saved, confirmation }
  if (!change) throw new ConfigChangedError('There is no prepared change with this id.')
  if (change.state !== 'prepared')
    throw new ConfigChangedError('This change was already applied or discarded.')
  if (!isStopOnly(change)) await refuseBesideUnconfirmed(context)
  await assertUnchanged(context, change)
  const before = await jailsBefore(context, change)
  await context.changes.setState(change.id, 'applying', confirmation)
  emitStep(context, 'writing')
  await writeChange(context, change)
  if (before === null)
    return finish(
      context,
      { ...change, confirmation: undefined },
      'fail2ban is not running. The change takes effect when fail2ban next starts.',
    )
  return loadAndCompare(context, change, before).catch((error: unknown) =>
    giveUp(context, change, { before, error }),
  )
}

async function loadAndCompare(
  context: LocalHostContext,
  change: SavedChange,
  before: readonly string[],
): Promise<ApplyOutcome> {
  const tuned = await tuningBefore(context, change, before)
  const daemon = await daemonSettingsBefore(context, change)
  const load = await loadChange(context, change, before)
  const leftOut = await jailsLeftOut(context, change)
  const missing =
    load.cancelled === true ? [] : await compareJails(context, before, { change, load, leftOut })
  // a daemon that a change was to restart is started again with the files before
  if (missing === null && change.load !== 'daemon-restart') return ended(context, change, load.output)
  if (missing === null || load.refused !== null || missing.length > 0)
    return undo(context, change, { before, tuned, daemon, load, missing: missing ?? [] })
  if (leftOut.length > 0) return finishWithoutLog(context, change, leftOut)
  const notes = await setRuntime(context, change, tuned)
  return finish(context, change, load.output, ...notes)
}

/** A change is written all the same; a load alone has done nothing. */
async function finishWithoutLog(
  context: LocalHostContext,
  change: SavedChange,
  leftOut: readonly string[],
): Promise<ApplyOutcome> {
  const notes = leftOut.map(whyLeftOut)
  if (!isLoadOnly(change)) return finish(context, change, ...notes)
  await noteState(context, change.id, 'failed')
  return notApplied(change, notes.join('\n'), null)
}

/** The daemon ended while or right after loading: that is a crash, and undoing is the rollback's work. */
async function ended(
  context: LocalHostContext,
  change: SavedChange,
  output: string | null,
): Promise<ApplyOutcome> {
  await noteState(context, change.id, 'failed')
  return notApplied(change, output ?? 'fail2ban ended while loading.', { cause: 'crashed', missingJails: [] })
}

interface Broken {
  readonly before: readonly string[]
  readonly error: unknown
}

/** Undoes a change of which something broke while it was loaded, as far as a daemon answers; else a rollback has to. */
async function giveUp(
  context: LocalHostContext,
  change: SavedChange,
  { before, error }: Broken,
): Promise<ApplyOutcome> {
  if (isLoadOnly(change)) {
    await noteState(context, change.id, 'failed')
    throw error
  }
  const refused = error instanceof Error ? error.message : String(error)
  const broken = notApplied(change, refused, { cause: 'load_refused', missingJails: [] })
  try {
    if ((await findDaemon(context)).state !== 'up') return broken
    const load: LoadResult = { refused, output: null, reached: loadSteps(change.load) }
    return await undo(context, change, { before, tuned: new Map(), daemon: [], load, missing: [] })
  } catch {
    // the record stays `applying`: the next start of BanGUI, or a rollback, decides
    return broken
  }
}

const notApplied = (
  { files }: SavedChange,
  output: string,
  failure: ApplyOutcome['failure'],
): ApplyOutcome => ({
  applied: false,
  files: files.map(({ path }) => path),
  output,
  failure,
})

async function assertUnchanged(context: LocalHostContext, change: SavedChange): Promise<void> {
  for (const { path, content } of change.files) {
    if (await hasContent(path, content)) continue
    await noteState(context, change.id, 'abandoned')
    throw new ConfigChangedError(
      `Somebody else changed ${path} in the meantime. Check the new version and try again.`,
    )
  }
}

async function writeChange(context: LocalHostContext, change: SavedChange): Promise<void> {
  const done: SavedFile[] = []
  try {
    await putFiles(context, filesAfter(change), {
      before: change.files,
      onPut: ({ path }) => done.push(...change.files.filter((file) => file.path === path)),
    })
  } catch (error) {
    // a file that was not written stands as before: on a full disk it could not even be put back
    await restoreFiles(context, done)
    await noteState(context, change.id, 'failed')
    throw error
  }
}

const filesAfter = ({ files, written }: SavedChange): SavedFile[] =>
  files.flatMap((file) => {
    const after = written.find(({ path }) => path === file.path)
    return after ? [{ ...file, content: after.content }] : []
  })

/** Puts the saved files back, with mode and owner. */
export const restoreFiles = (context: LocalHostContext, files: readonly SavedFile[]): Promise<void> =>
  putFiles(context, files)

interface Refusal {
  readonly before: readonly string[]
  readonly tuned: TuningBefore
  readonly daemon: DaemonSettings
  readonly load: LoadResult
  readonly missing: readonly string[]
}

async function undo(host: LocalHostContext, change: SavedChange, refusal: Refusal): Promise<ApplyOutcome> {
  const { before, tuned, daemon, load, missing } = refusal
  // what held up a load that was cancelled may hold up the next one
  const context = load.cancelled === true ? { ...host, loadDeadline: deadlines.afterCancel } : host
  await restoreFiles(context, change.files)
  await noteState(context, change.id, 'failed')
  const again = await unloadChange(context, change, { before, reached: load.reached })
  await setDaemonSettings(context, daemon)
  const missingJails =
    load.cancelled === true && (await isSilent(context)) ? [] : await loadMissing(context, before)
  const notes = await restoreEndedBans(context, new Map([...(again.ended ?? []), ...(load.ended ?? [])]))
  await restoreTuning(context, tuned)
  if (isLoadOnly(change) && load.cancelled === true && missingJails.length === 0)
    throw new LoadCancelledError()
  const reason =
    load.refused ?? load.output ?? `After loading, these jails were not right: ${missing.join(', ')}.`
  const output = [reason, ...(again.refused === null ? [] : [notAgain(again.refused)]), ...notes].join('\n')
  if (change.load === 'daemon-restart' && again.refused !== null)
    return notApplied(change, output, { cause: 'not_back', missingJails })
  if (missingJails.length === 0) return notApplied(change, output, null)
  const cause = load.refused === null ? 'jails_missing' : 'load_refused'
  return notApplied(change, output, { cause, missingJails })
}

const isSilent = async (context: LocalHostContext) => (await findDaemon(context)).state === 'silent'

const notAgain = (refused: string) =>
  `The previous files were restored, but reloading them failed: ${refused}`

/** Loads, once, the jails that ran before and do not run now. Returns those that stay missing. */
async function loadMissing(context: LocalHostContext, before: readonly string[]): Promise<string[]> {
  const missing = (after: readonly string[] | null) => findMissingJails(expectRunning(before), after ?? [])
  const after = await jailsAfter(context)
  if (after === null || missing(after).length === 0) return missing(after)
  for (const name of missing(after)) await loadJail(context, name, true)
  return missing(await jailsAfter(context))
}

async function finish(
  context: LocalHostContext,
  change: SavedChange,
  ...notes: readonly (string | null)[]
): Promise<ApplyOutcome> {
  const { id, confirmation } = change
  const until = confirmation && { ...confirmation, by: context.clock() + confirmation.withinMs }
  const recorded = await whyNotStored(() =>
    context.changes.setState(id, until ? 'provisional' : 'applied', until),
  )
  const words = [...notes, recorded, await describeShadowing(context, change)].filter((part) => part !== null)
  return {
    applied: true,
    files: change.files.map(({ path }) => path),
    output: words.length > 0 ? words.join('\n') : null,
    failure: null,
    ...(until && { confirmBy: until.by }),
  }
}

/** Returns a sentence where another file shadows what the change wrote; null: none does. */
async function describeShadowing(
  { configDir }: LocalHostContext,
  change: SavedChange,
): Promise<string | null> {
  if (isLoadOnly(change)) return null
  const switched = loadSteps(change.load).filter(({ how }) => how === 'start' || how === 'stop')
  if (switched.length === 0) return null
  const config = await readFail2banConfig(configDir)
  const shadowed = switched.filter(
    ({ jail, how }) => findConfiguredJail(config, jail)?.enabled !== (how === 'start'),
  )
  if (shadowed.length === 0) return null
  const names = shadowed.map(({ jail }) => jail).join(', ')
  return `Another file still decides whether ${names} is enabled, so the next reload of fail2ban may undo this.`
}
