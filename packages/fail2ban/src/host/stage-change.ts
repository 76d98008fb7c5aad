import { join, relative } from 'node:path'
import type { ChangeRefusal, ConfigMessage, FilterTest, FilterTestReport } from '@bangui/shared'
import { compareStreams, type StreamComparison } from '../config/compare-streams.ts'
import type { Fail2banConfig } from '../config/config-model.ts'
import type { PlannedFile } from '../config/draft.ts'
import type { ConfigDump, StreamCommand } from '../config/dump-config.ts'
import { configuredJails } from '../config/list-jails.ts'
import type { DumpReading } from '../config/read-dump.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { JailState } from '../jail-state.ts'
import { describeFindings, examineConfig, type Finding } from './check-config.ts'
import { commandsBefore, commandsWithLogs, type CommandsBefore } from './commands-before.ts'
import type { KnownStreams } from '../config/privileges/compare-commands.ts'
import { emitStep } from './emit-step.ts'
import type { EditPlan } from './edit-plan.ts'
import { findingMessages } from './finding-messages.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { saveFile } from './live-files.ts'
import { regexSettings } from './regex-verbs.ts'
import { runTouchedTests } from '../regex/touched-filters.ts'
import type { SavedFile } from './saved-change.ts'

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
  /** what fail2ban refuses of the whole configuration after the change, of jails that the change does not touch as well */
  readonly findings: readonly Finding[]
  readonly messages: readonly ConfigMessage[]
  /** the jails that the change touches as fail2ban would set them up, without those that it would not */
  readonly described: ReadonlyMap<string, JailState>
  /** how the samples of filters do that the change touches */
  readonly filterTests: readonly FilterTestReport[]
  /** what the change does to the commands of a load; null: that was not looked at */
  readonly streams: Streams | null
}

/** The commands of a load before and after a change. */
export interface Streams {
  readonly before: readonly StreamCommand[]
  readonly after: readonly StreamCommand[]
  readonly comparison: StreamComparison
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
  const isCompared = plans.some(({ steps, tuning }) => steps === null || tuning !== undefined)
  const before = isCompared ? commandsBefore(context) : null
  // it may fail while the plan is still worked out: whoever awaits it gets that
  before?.catch(() => undefined)
  await using staged = await stageConfig(context.configDir)
  const planned = await planOrRefusal(context, plans, staged)
  if ('code' in planned) return { ...nothingStaged, refused: planned }
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
      warnings: staged.skipped,
    }
  }
  const named = plans.flatMap(({ jails, steps }) =>
    steps === null ? jails.filter((name) => isEnabled(changed, name)) : jails,
  )
  emitStep(context, 'rehearsing')
  const { refused, warnings, ...validation } = await validateStaged(context, staged, {
    jails: named,
    before,
    allow,
  })
  const isTested = refused === null && filterTests.length > 0
  const tested = isTested ? await runTests(context, changed, filterTests) : []
  const examined = { config: changed, live: context.configDir, refused }
  return {
    ...validation,
    messages: findingMessages(validation.findings, examined),
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
    if (error instanceof ConfigRefusedError) return { code: 'config_refused', message: error.message }
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

/** What a staged change is tested for. */
interface Wanted {
  /** the jails that fail2ban has to take */
  readonly jails: readonly string[]
  /** the commands before the change, where those that differ say which jails it touches as well */
  readonly before: Promise<CommandsBefore> | null
  /** looks at what fail2ban makes of the change before it is rehearsed @default nothing */
  readonly allow?: PlannedFiles['allow']
}

/** The result of testing a staged change with fail2ban. */
interface Validation extends Pick<StagedChange, 'warnings' | 'findings' | 'described' | 'streams'> {
  /** why fail2ban refuses the change, in its own words */
  readonly refused: string | null
}

/**
 * Tests a staged change with fail2ban's own programs. The load of the change reads the jails that it touches only: an error in
 * another jail is a warning, not a refusal.
 */
export async function validateStaged(
  context: LocalHostContext,
  staged: StagedConfig,
  { jails, before, allow }: Wanted,
): Promise<Validation> {
  const describe = async (after: readonly StreamCommand[]) => {
    const known = before && compareStreams((await before).stream, after).jails.keys()
    return [...new Set([...jails, ...(known ?? [])])]
  }
  const dumped = Promise.withResolvers<ConfigDump>()
  const known =
    before && Promise.all([before, dumped.promise]).then(([{ stream }, after]) => ({ before: stream, after }))
  const allowed = allow?.(known)
  // what they reject with is thrown before anything is rehearsed
  for (const promise of [known, allowed]) promise?.catch(() => undefined)
  const whole = await examineConfig(context, staged, {
    describe,
    allow: async (dump) => {
      dumped.resolve(dump)
      await allowed
    },
  })
  const old = before && (await commandsWithLogs(context, await before, { after: whole.stream, named: jails }))
  const streamsTo = (after: readonly StreamCommand[]): Streams | null =>
    old && { before: old.stream, after, comparison: compareStreams(old.stream, after) }
  const { findings, described } = whole
  const warnings = [...staged.skipped, ...describeFindings(findings)]
  const streams = streamsTo(whole.stream)
  const touched = await touchedJails(staged, jails, { streams, dump: old && old.dump, findings })
  if (findings.length === 0 || touched.size === 0)
    return { refused: null, warnings, findings, described, streams }
  const own = findings.filter(({ jail }) => jail !== null && touched.has(jail))
  if (own.length > 0)
    return { refused: reasonsOf(own), warnings: staged.skipped, findings, described: new Map(), streams }
  // another jail may keep fail2ban from reading these at all: they are tested alone
  await disableOthers(staged, touched)
  const alone = await examineConfig(context, staged, { describe: () => [...touched] })
  const refused = alone.findings.length > 0 ? reasonsOf(alone.findings) : null
  return {
    refused,
    warnings,
    findings,
    described: alone.described,
    streams: whole.stream.length > 0 ? streams : streamsTo(alone.stream),
  }
}

interface Compared {
  readonly streams: Streams | null
  readonly dump: DumpReading | null
  readonly findings: readonly Finding[]
}

/** The jails that a change wants, and those that are enabled after it and differ, or that fail2ban refuses since. */
async function touchedJails(
  staged: StagedConfig,
  jails: readonly string[],
  { streams, dump, findings }: Compared,
): Promise<ReadonlySet<string>> {
  if (streams === null || dump === null) return new Set(jails)
  const { wrongJails, refusals, startedJails } = dump
  const known = new Set<string | null>([
    ...startedJails,
    ...wrongJails.keys(),
    ...refusals.map(({ jail }) => jail),
  ])
  const refused = findings.flatMap(({ jail }) => (jail === null || known.has(jail) ? [] : [jail]))
  const config = await readFail2banConfig(staged.path)
  const found = [...streams.comparison.jails.keys(), ...refused].filter((name) => isEnabled(config, name))
  return new Set([...jails, ...found])
}

function reasonsOf(findings: readonly Finding[]): string {
  const jails = new Set(findings.map(({ jail }) => jail))
  return (jails.size > 1 ? describeFindings(findings) : findings.map(({ reason }) => reason)).join('\n')
}

/** Disables every other jail in the copy. */
async function disableOthers(staged: StagedConfig, names: ReadonlySet<string>): Promise<void> {
  const jails = configuredJails(await readFail2banConfig(staged.path))
  const others = jails.filter((jail) => jail.enabled && !names.has(jail.name))
  const sections = others.map((jail) => `[${jail.name}]\nenabled = false\n`)
  // "~" sorts after letters and digits
  await staged.write(join('jail.d', '~~~~.local'), sections.join(''))
}

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
