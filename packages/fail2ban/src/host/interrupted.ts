import { relative } from 'node:path'
import { loadSteps, parseDuration, type Change, type ChangeState, type LoadStep } from '@bangui/shared'
import { stageConfig } from '../config/stage.ts'
import type { SettleRequest } from '../models/change-models.ts'
import { getDaemonSetting } from '../tuning-commands.ts'
import { compareStates, hasState, readJailState, type JailState } from '../jail-state.ts'
import { examineConfig } from './check-config.ts'
import { finishLoad } from './finish-load.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { hasContent } from './live-files.ts'
import { daemonSettingsInFiles, setDaemonSettings, unloadChange } from './load-change.ts'
import { noteState } from './note-state.ts'
import { putFiles, removeUnfinished } from './put-files.ts'
import {
  isLoadOnly,
  withoutFiles,
  type SavedChange,
  type SavedFile,
  type WrittenFile,
} from './saved-change.ts'

/**
 * Decides the changes that BanGUI was in the middle of when it ended, and returns them with the state that they have now:
 * `applied` when the daemon is seen to have loaded the change, else `failed`, with the files back and the jail as they
 * say. Without a daemon to ask they stay `applying`: a rollback is what brings it back.
 */
export async function settleInterrupted(
  context: LocalHostContext,
  { applied }: SettleRequest = { applied: [] },
): Promise<Change[]> {
  const changes = await context.changes.listInterrupted()
  if (changes.length === 0) return []
  const isUp = (await findDaemon(context)).state === 'up'
  const decided: Change[] = []
  for (const change of changes) {
    await removeUnfinished(change.files.map(({ path }) => path))
    const known = await decideWithoutDaemon(context, change, { applied, isUp })
    if (known === undefined && !isUp) {
      decided.push(withoutFiles(change))
      continue
    }
    const state = known ?? (await decide(context, change))
    await noteState(context, change.id, state)
    decided.push({ ...withoutFiles(change), state })
  }
  return decided
}

async function decide(context: LocalHostContext, change: SavedChange): Promise<ChangeState> {
  if (isLoadOnly(change)) return finishLoad(context, change)
  const written = await isWritten(change)
  const settings = await areSettingsLoaded(context, change)
  const wasLoaded = allOf([...settings, ...(await areJailsLoaded(context, change, written))])
  // one that has to be confirmed is as before: nobody knows whether it locks people out
  if (written && wasLoaded === true && !change.confirmation) return 'applied'
  await restoreOwn(context, change)
  if (settings.includes(true)) await setDaemonSettings(context, await daemonSettingsInFiles(context, change))
  const { before } = change.expect
  if (wasLoaded !== false) await unloadChange(context, change, { before, reached: loadSteps(change.load) })
  return 'failed'
}

/**
 * Returns the state of a change where it is known without the daemon: it is known to have been applied, or only some of its files are
 * written, and the load begins when all are.
 */
async function decideWithoutDaemon(
  context: LocalHostContext,
  change: SavedChange,
  { applied, isUp }: { readonly applied: readonly string[]; readonly isUp: boolean },
): Promise<ChangeState | undefined> {
  // what was done to a jail since does not make an applied change a failed one
  if (applied.includes(change.id)) return 'applied'
  if (isUp || !(await isHalfWritten(change))) return undefined
  await restoreOwn(context, change)
  return 'failed'
}

async function isHalfWritten(change: SavedChange): Promise<boolean> {
  if (await isWritten(change)) return false
  const isAsBefore = await Promise.all(change.files.map(({ path, content }) => hasContent(path, content)))
  const own = await listOwn(change)
  return change.files.every((file, index) => isAsBefore[index] === true || own.includes(file))
}

async function isWritten({ written }: SavedChange): Promise<boolean> {
  for (const { path, content } of written) if (!(await hasContent(path, content))) return false
  return true
}

/** Restores the files of a change, except those that somebody else has written since. */
const restoreOwn = async (context: LocalHostContext, change: SavedChange): Promise<void> =>
  putFiles(context, await listOwn(change))

/** Returns the saved files that are there as the change wrote them. */
async function listOwn({ files, written }: SavedChange): Promise<SavedFile[]> {
  const own: SavedFile[] = []
  for (const file of files) {
    const after = written.find(({ path }) => path === file.path)
    if (after && (await hasContent(file.path, after.content))) own.push(file)
  }
  return own
}

/** Returns of each setting of fail2ban itself that a change sets whether the daemon has it. */
async function areSettingsLoaded(
  { connection }: LocalHostContext,
  { runtime }: SavedChange,
): Promise<boolean[]> {
  const found: boolean[] = []
  for (const { jail, key, value } of runtime)
    if (jail === null) found.push(isSame(await getDaemonSetting(connection, key), value))
  return found
}

const isSame = (one: string | null, other: string) =>
  one?.toLowerCase() === other.toLowerCase() ||
  (one !== null && parseDuration(one) !== undefined && parseDuration(one) === parseDuration(other))

/** Undefined: some are and some are not, or one is not known. */
const allOf = (loaded: readonly (boolean | undefined)[]): boolean | undefined => {
  const [first = true, ...others] = new Set(loaded)
  return others.length > 0 || loaded.includes(undefined) ? undefined : first
}

/** Returns of each jail that a change loads whether the daemon runs it as the change wanted; undefined: in part, or not known. */
async function areJailsLoaded(
  context: LocalHostContext,
  change: SavedChange,
  isWhole: boolean,
): Promise<(boolean | undefined)[]> {
  // what fail2ban has read at its start cannot be seen; it restarts when every file is written
  if (change.load === 'daemon-restart') return [isWhole ? undefined : false]
  const running = await listDaemonJails(context)
  const loaded: (boolean | undefined)[] = []
  for (const step of loadSteps(change.load))
    if (isLoad(change, step, running)) loaded.push(await isStepLoaded(context, change, { step, running }))
  return loaded
}

/** Settings of a jail that does not run need no load. */
const isLoad = ({ expect }: SavedChange, { jail, how }: LoadStep, running: readonly string[]) =>
  how === 'start' || how === 'stop' || (how !== 'none' && [...expect.before, ...running].includes(jail))

async function isStepLoaded(
  context: LocalHostContext,
  change: SavedChange,
  { step: { jail, how }, running }: { readonly step: LoadStep; readonly running: readonly string[] },
): Promise<boolean | undefined> {
  const ran = change.expect.before.includes(jail)
  const runs = running.includes(jail)
  if (how === 'stop') return !runs
  if (how === 'start' && !ran) return runs
  // a jail that ran may have been lost by the load
  if (!runs) return undefined
  // whether its new actions were started cannot be seen
  if (how === 'restart') return undefined
  return hasNewSettings(context, change, jail)
}

async function hasNewSettings(
  context: LocalHostContext,
  { files, written }: SavedChange,
  jail: string,
): Promise<boolean | undefined> {
  const before = await describeWith(context, jail, files)
  const after = await describeWith(context, jail, written)
  if (before === null || after === null) return undefined
  const changed = compareStates(before, after)
  const keys = [...new Set(changed.map(({ key }) => key))]
  const now = await readJailState(context.connection, jail, keys)
  if (changed.length === 0) return undefined
  if (changed.every((difference) => hasState(now, difference, 'after'))) return true
  return changed.every((difference) => hasState(now, difference, 'now')) ? false : undefined
}

/** A jail as fail2ban would set it up where some files have other contents. */
async function describeWith(
  context: LocalHostContext,
  jail: string,
  files: readonly WrittenFile[],
): Promise<JailState | null> {
  await using staged = await stageConfig(context.configDir)
  for (const { path, content } of files) await staged.write(relative(context.configDir, path), content)
  return (await examineConfig(context, staged, { describe: () => [jail] })).described.get(jail) ?? null
}
