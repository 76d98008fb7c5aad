import { isJailName, loadSteps, type RollbackResult, type RollbackStep } from '@bangui/shared'
import { findConfiguredJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig } from '../config/stage.ts'
import { DaemonRunsError, StartFailedError, ToolMissingError } from '../errors.ts'
import type { RollbackRequest } from '../models/change-models.ts'
import { checkConfig, describeFindings } from './check-config.ts'
import { deadlines, runClient, type LocalHostContext } from './local-host-context.ts'
import { findDaemon, isAnswering, listDaemonJails, onlyStarted, waitUntil } from './daemon.ts'
import { endsSoon } from './jails-of-change.ts'
import { hasContent, keepCopy, requireOurs } from './live-files.ts'
import { daemonSettingsInFiles, setDaemonSettings } from './load-change.ts'
import { loadJail } from './load-jail.ts'
import { noteState } from './note-state.ts'
import { putFiles } from './put-files.ts'
import { switchOffFiles } from './edit-switch.ts'
import { isLoadOnly, isStopOnly, type SavedChange } from './saved-change.ts'
import { restartJail } from './restart-jail.ts'
import { startDaemon } from './start-daemon.ts'
import { stopDaemon } from './stop-daemon.ts'
import { undoRestarts } from './undo-restarts.ts'

/**
 * Undoes a change: restores its files, then loads the running daemon again, or starts the daemon. May be repeated, also
 * after an interruption. Returns what happened; throws only where files cannot be written.
 */
export async function rollback(
  context: LocalHostContext,
  request: RollbackRequest,
  onStep: (step: RollbackStep) => void,
): Promise<RollbackResult> {
  const notes: string[] = []
  onStep('restoring')
  const found = await findChange(context, request, notes)
  // without files nothing is on record that could be restored
  const change = found && isLoadOnly(found) ? undefined : found
  const restored = change
    ? await restoreChange(context, change, notes)
    : await restoreNothing(
        context,
        found && isStopOnly(found) ? { ...request, jailName: null } : request,
        notes,
      )
  onStep('testing')
  const test = await runClient(context, ['-t'], { deadline: deadlines.test })
  if (!test.ok) notes.push(test.timedOut ? 'The test of the configuration did not end in time.' : test.output)
  const changed = change ? loadSteps(change.load).map(({ jail }) => jail) : []
  const report: Report = { onStep, notes, change, changed, switchedOff: change ? null : restored }
  const end = await recoverDaemon(context, request, report)
  onStep('waiting')
  const online = end !== 'failed' && (await waitUntil(() => isAnswering(context), deadlines.up))
  if (found) notes.push((await noteState(context, found.id, 'reverted')) ?? '')
  const output = notes.filter((note) => note !== '').join('\n') || null
  return { restored, started: end === 'started' && online, online, output }
}

/** Returns the change to undo; undefined, with a note, where its saved files are damaged. */
async function findChange(
  { changes }: LocalHostContext,
  { changeId }: RollbackRequest,
  notes: string[],
): Promise<SavedChange | undefined> {
  try {
    return changeId === null ? undefined : await changes.get(changeId)
  } catch (error) {
    notes.push(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

async function restoreChange(
  context: LocalHostContext,
  change: SavedChange,
  notes: string[],
): Promise<string[]> {
  const isKnown = async (file: SavedChange['files'][number]) => {
    const written = change.written.find(({ path }) => path === file.path)?.content ?? null
    return (await hasContent(file.path, written)) || hasContent(file.path, file.content)
  }
  // before the first is touched: a record may have been changed by somebody else
  for (const { path } of change.files) await requireOurs(context.configDir, path)
  for (const file of change.files) {
    if (!(await isKnown(file))) {
      const copy = await keepCopy(file.path, context.clock())
      notes.push(
        `${file.path} has been changed by somebody else since; ${copy ? `BanGUI kept that version as ${copy}` : 'the file had been removed'}.`,
      )
    }
  }
  await putFiles(context, change.files)
  return change.files.map(({ path }) => path)
}

/** Without saved files, the jail of the failed change is switched off; a jail that is only missing is loaded again first. */
async function restoreNothing(
  context: LocalHostContext,
  request: RollbackRequest,
  notes: string[],
): Promise<string[]> {
  const { jailName, missingJails } = request
  const isMissing = jailName === null || missingJails.includes(jailName)
  if (jailName !== null && (!isMissing || (await findDaemon(context)).state === 'down'))
    return switchOff(context, jailName, notes)
  notes.push(...(await listRefusals(context)))
  return []
}

/** Returns which jails fail2ban refuses: a refused jail costs every jail at each full load. */
async function listRefusals(context: LocalHostContext): Promise<string[]> {
  try {
    await using staged = await stageConfig(context.configDir)
    return describeFindings(await checkConfig(context, staged))
  } catch {
    // only an explanation: the jails are loaded anyway
    return []
  }
}

async function switchOff(context: LocalHostContext, jailName: string, notes: string[]): Promise<string[]> {
  if (context.configWrite === 'off') return []
  const files = await switchOffFiles(context, jailName)
  await putFiles(context, files)
  if (files.length > 0)
    notes.push(`There are no previous files to restore, so the jail ${jailName} was deactivated.`)
  return files.map(({ path }) => path)
}

interface Report {
  readonly onStep: (step: RollbackStep) => void
  readonly notes: string[]
  /** undefined: there are no saved files */
  readonly change: SavedChange | undefined
  /** the jails of the change whose files were restored */
  readonly changed: readonly string[]
  /** collects the files that switch refused jails off; null: files were restored, and nothing more is written */
  readonly switchedOff: string[] | null
}

type End = 'loaded' | 'started' | 'failed'

/** Loads the running daemon; starts a daemon that does not run, or that ends because of the load. */
async function recoverDaemon(
  context: LocalHostContext,
  request: RollbackRequest,
  report: Report,
): Promise<End> {
  const found = await findDaemon(context)
  if (found.state !== 'down') {
    report.onStep('loading')
    // what fail2ban reads at its start only is as before after another start
    if (report.change?.load === 'daemon-restart' && found.state === 'up') await stopDaemon(context)
    const loaded = await loadAgain(context, request, report)
    const after = await findDaemon(context)
    if (after.state !== 'down') return loaded ? 'loaded' : 'failed'
  }
  report.onStep('starting')
  return start(context, report.notes)
}

async function start(context: LocalHostContext, notes: string[]): Promise<End> {
  try {
    const outcome = await startDaemon(context)
    if (outcome.output !== null) notes.push(outcome.output)
    if (outcome.missingJails.length > 0)
      notes.push(`These jails are not running: ${outcome.missingJails.join(', ')}.`)
    return 'started'
  } catch (error) {
    if (error instanceof DaemonRunsError) return waitForOther(context, error, notes)
    if (!(error instanceof StartFailedError || error instanceof ToolMissingError)) throw error
    notes.push(error.message)
    return 'failed'
  }
}

/** Waits for a daemon that a supervisor started meanwhile. */
async function waitForOther(
  context: LocalHostContext,
  error: DaemonRunsError,
  notes: string[],
): Promise<End> {
  if (await waitUntil(() => isAnswering(context), deadlines.up)) return 'loaded'
  notes.push(error.message)
  return 'failed'
}

/** Loads only what differs: the jail of the change, as the restored files have it, and each enabled jail that is missing. */
async function loadAgain(
  context: LocalHostContext,
  request: RollbackRequest,
  { notes, change, changed, switchedOff }: Report,
): Promise<boolean> {
  const running = await jailsOnceUp(context, notes)
  if (!running) return false
  if (change)
    notes.push((await setDaemonSettings(context, await daemonSettingsInFiles(context, change))) ?? '')
  const restarts = change ? await undoRestarts(context, change) : new Set<string>()
  const config = await readFail2banConfig(context.configDir)
  const asked = [...changed, request.jailName ?? '', ...request.missingJails]
  const names = new Set(asked.filter((name) => isJailName(name)))
  for (const name of names) {
    const jail = findConfiguredJail(config, name)
    // a jail that runs may still have the values of the change
    const hasOldFiles = changed.includes(name) && jail?.enabled === true
    if (!jail || (jail.enabled === running.includes(name) && !hasOldFiles)) continue
    const isRestart = restarts.has(name) && running.includes(name)
    const { refused, cancelled } = isRestart
      ? await restartJail(context, name)
      : await loadJail(context, name, jail.enabled)
    if (jail.enabled ? await endsSoon(context) : (await findDaemon(context)).state === 'down') {
      // a start with that jail would fail again
      if (switchedOff) switchedOff.push(...(await switchOff(context, name, notes)))
      return false
    }
    if (refused === null) continue
    notes.push(`${name}: ${refused}`)
    if (cancelled === true) return false
    // a refused load leaves the jail half-configured
    await loadJail(context, name, false)
    // left on, it would cost every jail at the next full load
    if (switchedOff) switchedOff.push(...(await switchOff(context, name, notes)))
  }
  return true
}

/** Returns the running jails; undefined, with a note, where the daemon stays silent or ends. */
async function jailsOnceUp(context: LocalHostContext, notes: string[]): Promise<string[] | undefined> {
  let found = await findDaemon(context)
  await waitUntil(async () => {
    found = await findDaemon(context)
    return found.state !== 'silent'
  }, deadlines.up)
  if (found.state === 'up') return onlyStarted(context, await listDaemonJails(context))
  if (found.state === 'silent') {
    notes.push(
      `fail2ban is running but does not respond${found.pid === null ? '' : `. Look at process ${found.pid}`}.`,
    )
  }
  return undefined
}
