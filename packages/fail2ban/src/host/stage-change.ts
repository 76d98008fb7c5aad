import { join, relative } from 'node:path'
import type { ChangeRefusal } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { configuredJails } from '../config/list-jails.ts'
import { emptyDraft, type Draft, type PlannedFile } from '../config/draft.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { JailState } from '../jail-state.ts'
import { describeFindings, examineConfig, type Finding } from './check-config.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { saveFile } from './live-files.ts'
import type { SavedFile } from './saved-change.ts'

/** A change of one jail's configuration that is to be tried in a copy. */
export interface JailChange {
  readonly name: string
  /** the jail is on after the change */
  readonly enabled: boolean
  readonly plan: (draft: Draft) => Promise<PlannedFile[]>
  /** Returns which other setting keeps the change from taking effect; null: none does. */
  readonly findShadowingSetting: (changed: Fail2banConfig) => string | null
}

/** Why a change cannot be made: `config_refused` with fail2ban's own reason, or `config_unwritable` with BanGUI's. */
export interface Refused {
  readonly code: ChangeRefusal
  readonly message: string
}

/** The result of a change in a copy. */
export interface StagedChange {
  readonly files: readonly PlannedFile[]
  readonly refused: Refused | null
  readonly warnings: readonly string[]
  /** the jail as fail2ban would set it up; null where it would not */
  readonly after: JailState | null
}

/** The result where nothing is to be done. */
export const nothingStaged: StagedChange = { files: [], refused: null, warnings: [], after: null }

/** Applies a change to a copy of the configuration, and tests and rehearses the copy. @throws ConfigUnreadableError */
export async function stageChange(context: LocalHostContext, change: JailChange): Promise<StagedChange> {
  await using staged = await stageConfig(context.configDir)
  // planned on the live files as they are now, all of them at once
  const files = await planOrRefusal(
    change,
    emptyDraft(await readFail2banConfig(context.configDir), context.configWrite),
  )
  if ('code' in files) return { files: [], refused: files, warnings: [], after: null }
  const skippedFiles = files.flatMap((file) => file.skippedFiles ?? [])
  for (const { path, after } of files) await staged.write(relative(context.configDir, path), after)
  const shadowing = change.findShadowingSetting(await readFail2banConfig(staged.path))
  if (shadowing !== null) {
    const message = [shadowing, ...skippedFiles].join(' ')
    return { files, refused: { code: 'config_unwritable', message }, warnings: staged.skipped, after: null }
  }
  const { refused, warnings, after } = await validateStaged(context, staged, change)
  return {
    files,
    after,
    refused: refused === null ? null : { code: 'config_refused', message: refused },
    warnings: [...elsewhere(files), ...warnings],
  }
}

async function planOrRefusal(change: JailChange, draft: Draft): Promise<readonly PlannedFile[] | Refused> {
  try {
    return await change.plan(draft)
  } catch (error) {
    if (error instanceof ConfigUnwritableError) return { code: 'config_unwritable', message: error.message }
    if (error instanceof ConfigRefusedError) return { code: 'config_refused', message: error.message }
    throw error
  }
}

const elsewhere = (files: readonly PlannedFile[]) =>
  files.flatMap(({ path, skippedFiles = [] }) =>
    skippedFiles.map((reason) => `${reason} The change goes into ${path} instead, which wins over it.`),
  )

/** The result of testing a staged change with fail2ban. */
interface Validation {
  /** why fail2ban refuses the change, in its own words */
  readonly refused: string | null
  readonly warnings: readonly string[]
  /** the jail as fail2ban would set it up */
  readonly after: JailState | null
}

/**
 * Tests a staged change with fail2ban's own programs. The load of the change reads one jail only: an error in another
 * jail is a warning, not a refusal.
 */
export async function validateStaged(
  context: LocalHostContext,
  staged: StagedConfig,
  change: Pick<JailChange, 'name' | 'enabled'>,
): Promise<Validation> {
  const { findings, described } = await examineConfig(context, staged, change.name)
  const warnings = [...staged.skipped, ...describeFindings(findings)]
  if (findings.length === 0 || !change.enabled) return { refused: null, warnings, after: described }
  const own = findings.filter(({ jail }) => jail === change.name)
  if (own.length > 0) return { refused: reasonsOf(own), warnings: staged.skipped, after: null }
  // another jail may keep fail2ban from reading this one at all: it is tested alone
  await disableOthers(staged, change.name)
  const alone = await examineConfig(context, staged, change.name)
  const refused = alone.findings.length > 0 ? reasonsOf(alone.findings) : null
  return { refused, warnings, after: alone.described }
}

const reasonsOf = (findings: readonly Finding[]) => findings.map(({ reason }) => reason).join('\n')

/** Disables every other jail in the copy. */
async function disableOthers(staged: StagedConfig, name: string): Promise<void> {
  const jails = configuredJails(await readFail2banConfig(staged.path))
  const others = jails.filter((jail) => jail.enabled && jail.name !== name)
  const sections = others.map((jail) => `[${jail.name}]\nenabled = false\n`)
  // "~" sorts after letters and digits
  await staged.write(join('jail.d', '~~~~.local'), sections.join(''))
}

/** Reads a file as it is now. @throws ConfigChangedError where it is not as it was when the change was planned */
export async function saveAsPlanned(context: LocalHostContext, planned: PlannedFile): Promise<SavedFile> {
  const saved = await saveFile(context.configDir, planned.path)
  if (textOf(saved.content) === textOf(planned.before)) return saved
  throw new ConfigChangedError(
    `${planned.path} was changed by somebody else just now. Look at it and try again.`,
  )
}

/** Returns the bytes of a file's text. */
export const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text))

/** Returns the text of a file's bytes. */
export const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
