import { randomUUID } from 'node:crypto'
import { join, relative } from 'node:path'
import { isJailName, type SavedChange, type SavedFile, type SwitchPreview } from '@bangui/shared'
import { configuredJails } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { isEnabled, type PlannedFile, planSwitch, whatStillWins } from '../config/switch-jail.ts'
import { unifiedDiff } from '../config/unified-diff.ts'
import { ConfigReadOnlyError, ConfigRefusedError, JailUnknownError } from '../errors.ts'
import { checkConfig, describeFindings } from './check-config.ts'
import type { HostContext } from './context.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { getJail } from './list-jails.ts'
import { saveFile } from './live-files.ts'

/** What switching a jail on or off would do. `refused`: fail2ban's own reason. */
interface StagedSwitch {
  readonly files: readonly PlannedFile[]
  readonly refused: string | null
  readonly warnings: readonly string[]
}

/** What switching a jail would do, worked out in a copy. @throws JailUnknownError, ConfigUnreadableError */
export async function previewSwitch(
  context: HostContext,
  name: string,
  enabled: boolean,
): Promise<SwitchPreview> {
  if (!isJailName(name)) throw new JailUnknownError(name)
  const jail = await getJail(context, name)
  const already = await isAlready(context, name, enabled)
  const staged = already
    ? { files: [], refused: null, warnings: [] }
    : await refusalAsValue(context, name, enabled)
  return {
    name,
    enabled,
    already,
    refused: staged.refused,
    files: staged.files.map(({ path, before, after }) => ({
      path,
      diff: unifiedDiff(path, text(before), after),
    })),
    bansEnding: enabled || already ? 0 : jail.currentlyBanned,
    warnings: [...staged.warnings],
  }
}

/**
 * Stages, tests and rehearses, then saves what stands. Undefined: the jail already is as asked.
 * @throws ConfigRefusedError, JailUnknownError, ConfigReadOnlyError, ConfigUnreadableError
 */
export async function prepareSwitch(
  context: HostContext,
  name: string,
  enabled: boolean,
): Promise<SavedChange | undefined> {
  if (!isJailName(name)) throw new JailUnknownError(name)
  if (context.configWrite === 'off')
    throw new ConfigReadOnlyError('Changing the configuration is switched off on this host.')
  if (await isAlready(context, name, enabled)) return undefined
  const staged = await stageSwitch(context, name, enabled)
  if (staged.refused !== null) throw new ConfigRefusedError(staged.refused)
  const change: SavedChange = {
    id: randomUUID(),
    kind: enabled ? 'activate' : 'deactivate',
    jailName: name,
    createdAt: context.clock(),
    state: 'prepared',
    files: await Promise.all(staged.files.map((file) => saveAsPlanned(context, file))),
    written: staged.files.map(({ path, after }) => ({ path, content: Buffer.from(after) })),
    jailsBefore: await runningJails(context),
  }
  await context.journal.save(change)
  return change
}

/** The files that switch a jail off as they should be written, without test: for a jail that did harm. */
export async function switchOffFiles(context: HostContext, name: string): Promise<SavedFile[]> {
  const config = await readFail2banConfig(context.configDir)
  if (!isJailName(name) || !config.jail.sections.has(name)) return []
  const files = await planSwitch(config, name, false)
  return Promise.all(
    files.map(async ({ path, after }) => ({
      ...(await saveFile(context.configDir, path)),
      content: Buffer.from(after),
    })),
  )
}

/** As asked on disk, and in the daemon where one runs. */
async function isAlready(context: HostContext, name: string, enabled: boolean): Promise<boolean> {
  const config = await readFail2banConfig(context.configDir)
  if (!config.jail.sections.has(name)) throw new JailUnknownError(name)
  if (isEnabled(config, name) !== enabled) return false
  if ((await findDaemon(context)).state !== 'up') return true
  return (await listDaemonJails(context)).includes(name) === enabled
}

async function refusalAsValue(context: HostContext, name: string, enabled: boolean): Promise<StagedSwitch> {
  try {
    return await stageSwitch(context, name, enabled)
  } catch (error) {
    if (error instanceof ConfigRefusedError) return { files: [], refused: error.message, warnings: [] }
    throw error
  }
}

async function stageSwitch(context: HostContext, name: string, enabled: boolean): Promise<StagedSwitch> {
  await using staged = await stageConfig(context.configDir)
  // what is planned on the copy is what stands at this moment, all files at once
  const files = await planSwitch(await readFail2banConfig(context.configDir), name, enabled)
  for (const { path, after } of files) await staged.write(relative(context.configDir, path), after)
  const overruled = whatStillWins(await readFail2banConfig(staged.path), { name, enabled }, context.configDir)
  if (overruled !== null) return { files, refused: overruled, warnings: staged.skipped }
  return { files, ...(await judge(context, staged, { name, enabled })) }
}

/** The narrow load reads and touches one jail: what is wrong with another is a warning, not a refusal. */
async function judge(
  context: HostContext,
  staged: StagedConfig,
  change: { name: string; enabled: boolean },
): Promise<Pick<StagedSwitch, 'refused' | 'warnings'>> {
  const found = await checkConfig(context, staged)
  const warnings = [...staged.skipped, ...describeFindings(found)]
  if (found.length === 0 || !change.enabled) return { refused: null, warnings }
  const own = found.filter(({ jail }) => jail === change.name)
  if (own.length > 0)
    return { refused: own.map(({ reason }) => reason).join('\n'), warnings: [...staged.skipped] }
  // another jail may keep fail2ban from reading this one at all: looked at alone
  await leaveAlone(staged, change.name)
  const alone = await checkConfig(context, staged)
  return { refused: alone.length > 0 ? alone.map(({ reason }) => reason).join('\n') : null, warnings }
}

/** Switches every other jail of the copy off. */
async function leaveAlone(staged: StagedConfig, name: string): Promise<void> {
  const jails = configuredJails(await readFail2banConfig(staged.path))
  const others = jails.filter((jail) => jail.enabled && jail.name !== name)
  const sections = others.map((jail) => `[${jail.name}]\nenabled = false\n`)
  // "~" sorts after letters and digits
  await staged.write(join('jail.d', '~~~~.local'), sections.join(''))
}

async function saveAsPlanned(context: HostContext, planned: PlannedFile): Promise<SavedFile> {
  const saved = await saveFile(context.configDir, planned.path)
  if (text(saved.content) === text(planned.before)) return saved
  throw new ConfigRefusedError(
    `${planned.path} was changed by somebody else just now. Look at it and try again.`,
  )
}

async function runningJails(context: HostContext): Promise<string[]> {
  return (await findDaemon(context)).state === 'up' ? listDaemonJails(context) : []
}

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
