import { relative } from 'node:path'
import type { ChangeRefusal, ConfigMessage, FilterTest, FilterTestReport } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import type { PlannedFile } from '../config/draft.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { ConfigPlace } from '../host-error.ts'
import { commandsBefore } from './commands-before.ts'
import type { KnownStreams } from '../config/privileges/compare-commands.ts'
import { emitStep } from './emit-step.ts'
import type { EditPlan } from './edit-plan.ts'
import { findingMessages, refusalMessage } from './finding-messages.ts'
import { jailsOfFiles } from './jails-of-files.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { saveFile } from './live-files.ts'
import { regexSettings } from './regex-verbs.ts'
import { runTouchedTests } from '../regex/touched-filters.ts'
import type { SavedFile } from './saved-change.ts'
import { validateStaged, type Validation } from './validate-staged.ts'

/** Why a change cannot be made: `config_refused` with fail2ban's own reason, or `config_unwritable` with BanGUI's. */
export interface Refused {
  readonly code: ChangeRefusal
  readonly message: string
  readonly place?: ConfigPlace | undefined
}

/** The result of a change in a copy. */
export interface StagedChange extends Pick<Validation, 'warnings' | 'findings' | 'described' | 'streams'> {
  readonly files: readonly PlannedFile[]
  readonly refused: Refused | null
  readonly messages: readonly ConfigMessage[]
  /** how the samples of filters do that the change touches */
  readonly filterTests: readonly FilterTestReport[]
}

/** The result where nothing is to be done. */
export const nothingStaged: StagedChange = {
  files: [],
  refused: null,
  warnings: [],
  findings: [],
  messages: [],
  described: new Map(),
  filterTests: [],
  streams: null,
}

/** Applies edits to a copy of the configuration, one after the other, and tests and rehearses the copy. @throws ConfigUnreadableError */
export async function stageChange(
  context: LocalHostContext,
  plans: readonly EditPlan[],
  filterTests: readonly FilterTest[] = [],
): Promise<StagedChange> {
  // which jails are switched says the edit itself
  const isCompared = plans.some((plan) => plan.steps === null || plan.tuning !== undefined || plan.isCompared)
  const before = isCompared ? commandsBefore(context) : null
  // it may fail while the plan is still worked out: whoever awaits it gets that
  before?.catch(() => undefined)
  await using staged = await stageConfig(context.configDir)
  const planned = await planOrRefusal(context, plans, staged)
  if ('code' in planned) {
    const messages = [refusalMessage(planned, context.configDir)]
    return { ...nothingStaged, refused: planned, messages }
  }
  const { files, allow } = planned
  const skippedFiles = files.flatMap((file) => file.skippedFiles ?? [])
  const changed = await readFail2banConfig(staged.path)
  const shadowing = plans.map((plan) => plan.findShadowingSetting(changed)).find((found) => found !== null)
  if (shadowing !== undefined) {
    const message = [shadowing, ...skippedFiles].join(' ')
    return {
      ...nothingStaged,
      files,
      refused: { code: 'config_unwritable', message },
      messages: [refusalMessage({ message }, context.configDir)],
      warnings: staged.skipped,
    }
  }
  const named = plans.flatMap(({ jails, steps }) =>
    steps === null ? jails.filter((name) => isEnabled(changed, name)) : jails,
  )
  emitStep(context, 'rehearsing')
  const { refused, warnings, blocking, others, ...validation } = await validateStaged(context, staged, {
    jails: named,
    changed: jailsOfFiles(changed, context.configDir, files),
    before,
    allow,
  })
  const isTested = refused === null && filterTests.length > 0
  const tested = isTested ? await runTests(context, changed, filterTests) : []
  const examined = { config: changed, live: context.configDir, refused, blocking, others }
  return {
    ...validation,
    messages: await findingMessages(examined),
    filterTests: tested,
    files,
    refused: refused === null ? null : { code: 'config_refused', message: refused },
    warnings: [...elsewhere(files), ...warnings],
  }
}

const runTests = async (context: LocalHostContext, after: Fail2banConfig, tests: readonly FilterTest[]) =>
  runTouchedTests(
    await regexSettings(context),
    { before: await readFail2banConfig(context.configDir), after },
    tests,
  )

/** The files of a change, planned. */
interface PlannedFiles {
  readonly files: readonly PlannedFile[]
  /** @throws ConfigNotAllowedError */
  readonly allow: (known: Promise<KnownStreams> | null) => Promise<void>
}

async function planOrRefusal(
  context: LocalHostContext,
  plans: readonly EditPlan[],
  staged: StagedConfig,
): Promise<PlannedFiles | Refused> {
  try {
    return await planInOrder(context, plans, staged)
  } catch (error) {
    if (error instanceof ConfigUnwritableError) return { code: 'config_unwritable', message: error.message }
    if (error instanceof ConfigRefusedError)
      return { code: 'config_refused', message: error.message, place: error.params.place }
    throw error
  }
}

/** The first edit is planned on the live files as they are now, all at once; each later one on the copy with those before. */
async function planInOrder(
  context: LocalHostContext,
  plans: readonly EditPlan[],
  staged: StagedConfig,
): Promise<PlannedFiles> {
  const { configDir, configWrite, logDirs } = context
  const live = await readFail2banConfig(configDir)
  const files = new Map<string, PlannedFile>()
  const looks: PlannedFiles['allow'][] = []
  for (const { already, plan, allow } of plans) {
    if (already) continue
    const config = files.size === 0 ? live : await readFail2banConfig(staged.path)
    const draft = { config, start: config, live: configDir, files: new Map(files), configWrite, logDirs }
    const planned = await plan(draft)
    // the commands before and after are those of all plans together
    looks.push(async (known) => allow?.(draft, plans.length === 1 ? known : null))
    for (const file of planned) {
      await staged.write(relative(configDir, file.path), file.after)
      files.set(file.path, file)
    }
  }
  return {
    files: [...files.values()].filter(({ before: old, after }) => textOf(old) !== after),
    allow: async (known) => {
      for (const look of looks) await look(known)
    },
  }
}

const elsewhere = (files: readonly PlannedFile[]) =>
  files.flatMap(({ path, skippedFiles = [] }) =>
    skippedFiles.map((reason) => `${reason} The change goes into ${path} instead, which wins over it.`),
  )

/** Reads a file as it is now. @throws ConfigChangedError where it is not as it was when the change was planned */
export async function saveAsPlanned(context: LocalHostContext, planned: PlannedFile): Promise<SavedFile> {
  const saved = await saveFile(context.configDir, planned.path)
  if (textOf(saved.content) === textOf(planned.before)) return saved
  throw new ConfigChangedError(
    `Somebody else has just changed ${planned.path}. Check the new version and try again.`,
  )
}

/** Returns the bytes of a file's text. */
export const bytesOf = (text: string | null) => (text === null ? null : Buffer.from(text))

/** Returns the text of a file's bytes. */
export const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())
