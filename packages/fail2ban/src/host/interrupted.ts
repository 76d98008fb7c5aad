import { relative } from 'node:path'
import { loadSteps, type Change, type ChangeState, type LoadStep } from '@bangui/shared'
import { stageConfig } from '../config/stage.ts'
import type { SettleRequest } from '../host-models.ts'
import { compareStates, hasState, readJailState, type JailState } from '../jail-state.ts'
import { examineConfig } from './check-config.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { hasContent, putFile } from './live-files.ts'
import { unloadChange } from './load-change.ts'
import { noteState } from './note-state.ts'
import { withoutFiles, type SavedChange, type WrittenFile } from './saved-change.ts'

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
  if ((await findDaemon(context)).state !== 'up') return changes.map(withoutFiles)
  const decided: Change[] = []
  for (const change of changes) {
    // what was done to a jail since does not make an applied change a failed one
    const state = applied.includes(change.id) ? 'applied' : await decide(context, change)
    await noteState(context, change.id, state)
    decided.push({ ...withoutFiles(change), state })
  }
  return decided
}

async function decide(context: LocalHostContext, change: SavedChange): Promise<ChangeState> {
  // the load begins when every file is written
  const wasLoaded = (await isWritten(change)) ? await isLoaded(context, change) : false
  if (wasLoaded === true) return 'applied'
  await restoreOwn(context, change)
  const { before } = change.expect
  if (wasLoaded === undefined)
    await unloadChange(context, change, { before, reached: loadSteps(change.load) })
  return 'failed'
}

async function isWritten({ written }: SavedChange): Promise<boolean> {
  for (const { path, content } of written) if (!(await hasContent(path, content))) return false
  return true
}

/** Restores the files of a change, except those that somebody else has written since. */
async function restoreOwn(context: LocalHostContext, { files, written }: SavedChange): Promise<void> {
  for (const file of files) {
    const own = written.find(({ path }) => path === file.path)
    if (own && (await hasContent(file.path, own.content))) await putFile(context.configDir, file)
  }
}

/** Returns whether the daemon runs the jails as the change wanted them; undefined: in part, or not known. */
async function isLoaded(context: LocalHostContext, change: SavedChange): Promise<boolean | undefined> {
  // what fail2ban has read at its start cannot be seen
  if (change.load === 'daemon-restart') return undefined
  const steps = loadSteps(change.load)
  if (steps.length === 0) return true
  const running = await listDaemonJails(context)
  const states = new Set<boolean | undefined>()
  for (const step of steps) states.add(await isStepLoaded(context, change, { step, running }))
  return states.size > 1 ? undefined : [...states][0]
}

async function isStepLoaded(
  context: LocalHostContext,
  change: SavedChange,
  { step: { jail, how }, running }: { readonly step: LoadStep; readonly running: readonly string[] },
): Promise<boolean | undefined> {
  const ran = change.expect.before.includes(jail)
  const runs = running.includes(jail)
  if (how === 'none') return true
  if (how === 'stop') return !runs
  if (how === 'start' && !ran) return runs
  // settings of a jail that does not run need no load; a jail that ran may have been lost by the load
  if (!runs) return ran ? undefined : true
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
  return (await examineConfig(context, staged, () => [jail])).described.get(jail) ?? null
}
