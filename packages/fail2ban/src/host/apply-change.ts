import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { ConfigChangedError, Fail2banCommandError, Fail2banUnavailableError } from '../errors.ts'
import type { ApplyOutcome, JailTuning } from '../host-models.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails, waitUntil } from './daemon.ts'
import { keepTuning, readTuning, tuningBetween, type TuningNow } from './keep-tuning.ts'
import { hasContent, putFile } from './live-files.ts'
import { jailsWithoutLog, whyLeftOut } from './jails-without-log.ts'
import { loadJail, type NarrowLoad } from './load-jail.ts'
import { noteState } from './note-state.ts'
import type { SavedChange, SavedFile } from './saved-change.ts'

/**
 * Writes a prepared change and loads its jail alone; the settings `keep` are set again after the load. A refused load is
 * undone at once. A daemon that ended is left to the caller, who finds out by the next probe and rolls back.
 * @throws ConfigChangedError when a file is no longer as it was saved, ConfigUnwritableError, Fail2banUnavailableError before
 * anything is changed
 */
export async function applyChange(
  context: LocalHostContext,
  changeId: string,
  keep: JailTuning = {},
): Promise<ApplyOutcome> {
  const change = await context.changes.get(changeId)
  if (!change) throw new ConfigChangedError('There is no prepared change with this id.')
  if (change.state !== 'prepared')
    throw new ConfigChangedError('This change was already applied or discarded.')
  await assertUnchanged(context, change)
  const before = await jailsBefore(context, change)
  await context.changes.setState(change.id, 'applying')
  await writeChange(context, change)
  if (before === null)
    return finish(context, change, 'fail2ban is not running. This takes effect at its next start.')
  const tuning = await tuningBefore(context, change, before)
  const load = await loadChange(context, change, before)
  const isLeftOut = change.kind !== 'deactivate' && (await jailsWithoutLog(context)).has(change.jailName)
  const missing = load.cancelled === true ? [] : await compareJails(context, before, { change, isLeftOut })
  // it ended while or right after loading: that is a crash, and undoing is the rollback's work
  if (missing === null) return finish(context, change, load.output ?? 'fail2ban ended while loading.')
  if (load.refused !== null || missing.length > 0)
    return undo(context, change, { before, tuning, load, missing })
  if (isLeftOut) return finish(context, change, whyLeftOut(change.jailName))
  const note = tuning === null ? null : await keepTuning(context, change.jailName, keep)
  return finish(context, change, load.output, note)
}

/** Returns the temporary settings of a jail whose settings are loaded; null: the jail does not run, or is switched. */
async function tuningBefore(
  context: LocalHostContext,
  { kind, jailName }: SavedChange,
  before: readonly string[],
): Promise<TuningNow | null> {
  if (kind !== 'edit' || !before.includes(jailName)) return null
  try {
    return await readTuning(context, jailName)
  } catch (error) {
    // the jail was unloaded in this moment, or has a value that is no number
    if (error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError) return null
    throw error
  }
}

/** Settings are loaded where the jail runs; else they count from its next start. */
const loadChange = (
  context: LocalHostContext,
  change: SavedChange,
  before: readonly string[],
): Promise<NarrowLoad> => {
  if (change.kind !== 'edit') return loadJail(context, change.jailName, change.kind === 'activate')
  if (before.includes(change.jailName)) return loadJail(context, change.jailName, true)
  return Promise.resolve({ refused: null, output: null })
}

async function assertUnchanged(context: LocalHostContext, change: SavedChange): Promise<void> {
  for (const { path, content } of change.files) {
    if (await hasContent(path, content)) continue
    await noteState(context, change.id, 'abandoned')
    throw new ConfigChangedError(
      `${path} was changed by somebody else in the meantime. Look at it and try again.`,
    )
  }
}

/** Returns the running jails; null: the daemon does not run, and the change may wait for its next start. */
async function jailsBefore(context: LocalHostContext, change: SavedChange): Promise<string[] | null> {
  const found = await findDaemon(context)
  if (found.state === 'up') return listDaemonJails(context)
  if (found.state === 'down' && (await mayWait(context, change))) return null
  await noteState(context, change.id, 'abandoned')
  if (found.state !== 'down') {
    throw new Fail2banUnavailableError('timeout', 'fail2ban does not answer, so nothing was changed.')
  }
  const reason = found.staleSocket ? 'refused' : 'socket_missing'
  throw new Fail2banUnavailableError(
    reason,
    'fail2ban is not running, so nothing was changed. Start it first.',
  )
}

/** Returns whether a change can wait for the next start of fail2ban: it enables nothing and loads nothing. */
async function mayWait(context: LocalHostContext, change: SavedChange): Promise<boolean> {
  if (change.kind !== 'edit') return change.kind === 'deactivate'
  const config = await readFail2banConfig(context.configDir)
  return findConfiguredJail(config, change.jailName)?.enabled !== true
}

async function writeChange(context: LocalHostContext, change: SavedChange): Promise<void> {
  const done: SavedFile[] = []
  try {
    for (const file of change.files) {
      const written = change.written.find(({ path }) => path === file.path)
      if (!written) continue
      await putFile(context.configDir, { ...file, content: written.content })
      done.push(file)
    }
  } catch (error) {
    // a file that was not written stands as before: on a full disk it could not even be put back
    await restoreFiles(context, done)
    await noteState(context, change.id, 'failed')
    throw error
  }
}

/** Puts the saved files back, with mode and owner. */
export async function restoreFiles(context: LocalHostContext, files: readonly SavedFile[]): Promise<void> {
  for (const file of files) await putFile(context.configDir, file)
}

/** Names of the jails that should run after a change and do not, or that should not and do; null: the daemon ended. */
async function compareJails(
  context: LocalHostContext,
  before: readonly string[],
  { change, isLeftOut }: { readonly change: SavedChange; readonly isLeftOut: boolean },
): Promise<string[] | null> {
  const after = await jailsAfter(context)
  if (after === null) return null
  const wanted = new Set(before)
  if (change.kind === 'deactivate' || isLeftOut) wanted.delete(change.jailName)
  else if (change.kind === 'activate') wanted.add(change.jailName)
  const missing = [...wanted].filter((name) => !after.includes(name))
  const stillThere = change.kind === 'deactivate' && after.includes(change.jailName)
  return stillThere ? [...missing, change.jailName] : missing
}

/** Null: the daemon ended. One that is still busy with the load is waited for. */
async function jailsAfter(context: LocalHostContext): Promise<string[] | null> {
  let state = await findDaemon(context)
  const settled = async () => {
    state = await findDaemon(context)
    return state.state !== 'silent'
  }
  if (state.state === 'silent') await waitUntil(settled, deadlines.busy)
  return state.state === 'down' ? null : listDaemonJails(context)
}

interface Refusal {
  readonly before: readonly string[]
  readonly tuning: TuningNow | null
  readonly load: NarrowLoad
  readonly missing: readonly string[]
}

async function undo(host: LocalHostContext, change: SavedChange, refusal: Refusal): Promise<ApplyOutcome> {
  const { before, tuning, load, missing } = refusal
  // what held up a load that was cancelled may hold up the next one
  const context = load.cancelled === true ? { ...host, loadDeadline: deadlines.afterCancel } : host
  await restoreFiles(context, change.files)
  await noteState(context, change.id, 'failed')
  const again = await unloadChange(context, change, before)
  const missingJails =
    load.cancelled === true && (await isSilent(context)) ? [] : await loadMissing(context, before)
  await restoreTuning(context, change, tuning)
  const reason =
    load.refused ?? load.output ?? `After loading, these jails were not right: ${missing.join(', ')}.`
  const output = again.refused === null ? reason : `${reason}\n${notAgain(again.refused)}`
  const files = change.files.map(({ path }) => path)
  if (missingJails.length === 0) return { applied: false, files, output, failure: null }
  const cause = load.refused === null ? 'jails_missing' : 'load_refused'
  return { applied: false, files, output, failure: { cause, missingJails } }
}

const isSilent = async (context: LocalHostContext) => (await findDaemon(context)).state === 'silent'

const notAgain = (refused: string) =>
  `The previous files were restored, but reloading them failed: ${refused}`

/** The load of the restored files has reset what was tuned. */
async function restoreTuning(
  context: LocalHostContext,
  { jailName }: SavedChange,
  tuning: TuningNow | null,
): Promise<void> {
  if (tuning === null) return
  try {
    await keepTuning(context, jailName, tuningBetween(await readTuning(context, jailName), tuning))
  } catch (error) {
    // a jail that did not come back is reported as missing
    if (!(error instanceof Fail2banCommandError || error instanceof Fail2banUnavailableError)) throw error
  }
}

/** Loads the jail as the restored files have it. */
async function unloadChange(
  context: LocalHostContext,
  change: SavedChange,
  before: readonly string[],
): Promise<NarrowLoad> {
  const ran = before.includes(change.jailName)
  if (!ran && change.kind === 'edit') return { refused: null, output: null }
  return loadJail(context, change.jailName, ran)
}

/** Loads, once, the jails that ran before and do not run now. Returns those that stay missing. */
async function loadMissing(context: LocalHostContext, before: readonly string[]): Promise<string[]> {
  const missing = (after: readonly string[] | null) => before.filter((name) => !after?.includes(name))
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
  const recorded = await noteState(context, change.id, 'applied')
  const words = [...notes, recorded, await describeShadowing(context, change)].filter((part) => part !== null)
  return {
    applied: true,
    files: change.files.map(({ path }) => path),
    output: words.length > 0 ? words.join('\n') : null,
    failure: null,
  }
}

/** Returns a sentence where another file shadows what the change wrote; null: none does. */
async function describeShadowing(context: LocalHostContext, change: SavedChange): Promise<string | null> {
  if (change.kind === 'edit') return null
  const config = await readFail2banConfig(context.configDir)
  const enabled = findConfiguredJail(config, change.jailName)?.enabled
  if (enabled === (change.kind === 'activate')) return null
  return `Another file still decides whether ${change.jailName} is enabled, so the next reload of fail2ban may undo this.`
}
