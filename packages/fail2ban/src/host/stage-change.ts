import { join, relative } from 'node:path'
import type { ChangeRefusal, ConfigMessage, FilterTest, FilterTestReport } from '@bangui/shared'
import { compareStreams, type Streams } from '../config/compare-streams.ts'
import type { Fail2banConfig } from '../config/config-model.ts'
import type { PlannedFile } from '../config/draft.ts'
import type { ConfigDump, StreamCommand } from '../config/dump-config.ts'
import { configuredJails } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig, type StagedConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import { ConfigChangedError, ConfigRefusedError, ConfigUnwritableError } from '../errors.ts'
import type { ConfigPlace } from '../host-error.ts'
import type { JailState } from '../jail-state.ts'
import { describeFindings, examineConfig, type Finding } from './check-config.ts'
import { commandsBefore, commandsWithLogs, type CommandsBefore } from './commands-before.ts'
import type { KnownStreams } from '../config/privileges/compare-commands.ts'
import { findBadDatePatterns } from './date-patterns.ts'
import { emitStep } from './emit-step.ts'
import type { EditPlan } from './edit-plan.ts'
import { findingMessages, refusalMessage } from './finding-messages.ts'
import { jailsOfFiles } from './jails-of-files.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { saveFile } from './live-files.ts'
import { regexSettings } from './regex-verbs.ts'
import { runTouchedTests } from '../regex/touched-filters.ts'
import type { SavedFile } from './saved-change.ts'

/** Why a change cannot be made: `config_refused` with fail2ban's own reason, or `config_unwritable` with BanGUI's. */
export interface Refused {
  readonly code: ChangeRefusal
  readonly message: string
  readonly place?: ConfigPlace | undefined
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

/** What a staged change is tested for. */
interface Wanted {
  /** the jails that fail2ban has to take */
  readonly jails: readonly string[]
  /** the enabled jails that the changed files name: they are tested where the commands show no difference @default none */
  readonly changed?: readonly string[]
  /** the commands before the change, where those that differ say which jails it touches as well */
  readonly before: Promise<CommandsBefore> | null
  /** looks at what fail2ban makes of the change before it is rehearsed @default nothing */
  readonly allow?: PlannedFiles['allow']
}

/** The result of testing a staged change with fail2ban. */
interface Validation extends Pick<StagedChange, 'warnings' | 'findings' | 'described' | 'streams'> {
  /** why fail2ban refuses the change, in its own words */
  readonly refused: string | null
  /** the findings for which it does */
  readonly blocking: readonly Finding[]
  /** those that do not concern the change, and the values that fail2ban passes over */
  readonly others: readonly Finding[]
}

/**
 * Tests a staged change with fail2ban's own programs. The load of the change reads the jails that it touches only: an error in
 * another jail is a warning, not a refusal.
 */
export async function validateStaged(
  context: LocalHostContext,
  staged: StagedConfig,
  wanted: Wanted,
): Promise<Validation> {
  const { jails, changed = [] } = wanted
  const { whole, old } = await examineWhole(context, staged, wanted)
  const streamsTo = (after: readonly StreamCommand[]): Streams | null =>
    old && { before: old.stream, after, comparison: compareStreams(old.stream, after) }
  const { described } = whole
  const streams = streamsTo(whole.stream)
  const findings = [...whole.findings, ...(await findBadDatePatterns(context, streams))]
  const warnings = [...staged.skipped, ...describeFindings(findings)]
  const touched = await touchedJails(staged, jails, { streams, old, findings, changed })
  const daemon = streams?.comparison.daemon
  const isOwn = ({ jail, option }: Finding) =>
    jail === null ? option !== undefined && daemon?.has(ownSetting(option)) === true : touched.has(jail)
  const ignored = whole.ignored.filter(
    ({ jail }) => jail === null || touched.has(jail) || streams?.comparison.jails.has(jail),
  )
  const own = findings.filter(isOwn)
  const others = [...findings.filter((finding) => !isOwn(finding)), ...ignored]
  if (own.length > 0) {
    const refused = reasonsOf(own)
    const blocked = { refused, blocking: own, others, warnings: staged.skipped }
    return { ...blocked, findings, described: new Map(), streams }
  }
  if (findings.length === 0 || touched.size === 0)
    return { refused: null, blocking: [], others, warnings, findings, described, streams }
  // another jail may keep fail2ban from reading these at all: they are tested alone
  await disableOthers(staged, touched)
  const alone = await examineConfig(context, staged, { describe: () => [...touched] })
  // what fail2ban refused before does not matter as long as it reads these: without commands, nothing could be loaded
  const known = new Set(alone.stream.length > 0 ? old?.dump.refusals.map(({ reason }) => reason) : [])
  const blocking = alone.findings.filter(
    ({ jail, reason }) => (jail !== null && touched.has(jail)) || !known.has(reason),
  )
  return {
    refused: blocking.length > 0 ? reasonsOf(blocking) : null,
    blocking,
    others: others.filter(({ reason }) => blocking.every((finding) => finding.reason !== reason)),
    warnings,
    findings,
    described: alone.described,
    streams: whole.stream.length > 0 ? streams : streamsTo(alone.stream),
  }
}

/** Lets fail2ban check a change, and returns the commands before it, which are looked up meanwhile; null: they are not wanted. */
async function examineWhole(
  context: LocalHostContext,
  staged: StagedConfig,
  { jails, before, allow }: Wanted,
) {
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
  return { whole, old }
}

/** The name that a setting of fail2ban itself has among the commands. */
const ownSetting = (option: string) => (option === 'stacksize' ? 'thread' : option)

interface Compared {
  readonly streams: Streams | null
  readonly old: CommandsBefore | null
  readonly findings: readonly Finding[]
  readonly changed: readonly string[]
}

/** The jails that a change wants, and those that are enabled after it and differ, or that fail2ban refuses since. */
async function touchedJails(
  staged: StagedConfig,
  jails: readonly string[],
  { streams, old, findings, changed }: Compared,
): Promise<ReadonlySet<string>> {
  if (streams === null || old === null) return new Set(jails)
  const { wrongJails, refusals, startedJails } = old.dump
  const known = new Set<string | null>([
    ...startedJails,
    ...wrongJails.keys(),
    ...refusals.map(({ jail }) => jail),
  ])
  const refused = findings.flatMap(({ jail }) => (jail === null || known.has(jail) ? [] : [jail]))
  const config = await readFail2banConfig(staged.path)
  const found = [...streams.comparison.jails.keys(), ...refused].filter((name) => isEnabled(config, name))
  return new Set([...jails, ...found, ...(old.stream.length === 0 ? changed : [])])
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
