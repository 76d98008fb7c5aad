import { randomUUID } from 'node:crypto'
import {
  loadSteps,
  MAX_WATCHED_ADDRESSES,
  type ChangeExpect,
  type ChangeTest,
  type LockOutCheck,
} from '@bangui/shared'
import { capabilitiesOf } from '../capabilities.ts'
import { hashOf } from '../hash-of.ts'
import { readJailCounts, readVersion } from '../commands.ts'
import { unifiedDiff } from '../config/unified-diff.ts'
import {
  ConfigReadOnlyError,
  ConfigRefusedError,
  ConfigUnwritableError,
  FilterTestsFailedError,
} from '../errors.ts'
import type { ChangeInput, ChangePreview, PreparedChange, PreviewInput } from '../models/change-models.ts'
import { checkLockOut } from '../lock-out/check-lock-out.ts'
import { emitStep } from './emit-step.ts'
import { whyClientUnfit } from './client-fits.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { planChange, type ChangePlan } from './plan-change.ts'
import { refuseBesideUnconfirmed } from './confirm-change.ts'
import { prepareLoad } from './prepare-load.ts'
import type { SavedChange } from './saved-change.ts'
import { bytesOf, saveAsPlanned, textOf, type StagedChange } from './stage-change.ts'

/** How much is kept of what fail2ban says about a change, in characters. */
const MAX_TEST_OUTPUT = 64 * 1024

/**
 * Returns what a change would do: staged, tested and rehearsed, nothing saved.
 * @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function previewChange(
  context: LocalHostContext,
  { edits, filterTests, people }: PreviewInput,
): Promise<ChangePreview> {
  const plan = await planChange(context, edits, filterTests)
  const { already, staged, loads, changes, load, risks } = plan
  const unfit = await whyUnfit(context, plan)
  return {
    already,
    refused: staged.refused?.message ?? unfit,
    refusedReason: staged.refused?.code ?? (unfit === null ? null : 'config_refused'),
    readOnly: context.configWrite === 'off',
    files: diffOf(staged),
    warnings: staged.warnings,
    messages: staged.messages,
    filterTests: staged.filterTests,
    loads: loads && !already,
    changes,
    load,
    risks,
    lockOut: people === undefined ? null : await findLockedOut(context, plan, people),
    ...(await countBans(context, plan)),
  }
}

async function findLockedOut(
  context: LocalHostContext,
  { staged, risks }: ChangePlan,
  people: readonly string[],
): Promise<LockOutCheck | null> {
  const { refused, streams } = staged
  if (refused !== null || streams === null || risks.length === 0) return null
  const { after, comparison } = streams
  return checkLockOut(context, { after, comparison, people: people.slice(0, MAX_WATCHED_ADDRESSES) })
}

/**
 * Stages, tests and rehearses a change, then saves the files as they are. Undefined: there is nothing to do. Without edits, it
 * only loads.
 * @throws CommandError for a bad value, ConfigRefusedError, ConfigUnwritableError, ConfigChangedError when a file was
 * changed meanwhile, ChangePendingError beside one that waits to be confirmed, JailUnknownError, ConfigReadOnlyError,
 * ConfigUnreadableError
 */
export async function prepareChange(
  context: LocalHostContext,
  input: ChangeInput,
): Promise<PreparedChange | undefined> {
  if (input.load !== undefined) return prepareLoad(context, { ...input, load: input.load })
  const { edits, title, level, filterTests, ignoreFailedTests = false } = input
  if (context.configWrite === 'off')
    throw new ConfigReadOnlyError('Configuration changes are disabled on this host.')
  await refuseBesideUnconfirmed(context)
  emitStep(context, 'testing')
  const asCaller = level === undefined ? context : { ...context, configWrite: level }
  const plan = await planChange(asCaller, edits, ignoreFailedTests ? [] : filterTests)
  const { already, staged, load, runtime, risks } = plan
  if (already) return undefined
  assertNotRefused(staged)
  const unfit = await whyUnfit(context, plan)
  if (unfit !== null) throw new ConfigRefusedError(unfit)
  assertTestsPass(staged)
  const change: SavedChange = {
    id: randomUUID(),
    title,
    createdAt: context.clock(),
    state: 'prepared',
    load,
    runtime: [...runtime],
    expect: expectAfter(plan),
    risks,
    tested: testOf(staged),
    files: await Promise.all(staged.files.map((file) => saveAsPlanned(context, file))),
    written: staged.files.map(({ path, after }) => ({ path, content: bytesOf(after) })),
  }
  emitStep(context, 'saving')
  await context.changes.save(change)
  const { id: changeId, expect } = change
  const files = staged.files.map(({ path, before, after }) => ({
    path,
    before: before && hashOf(before),
    after: after === null ? null : hashOf(after),
  }))
  const diff = diffOf(staged)
  return { changeId, files, load, runtime, expect, diff, messages: staged.warnings, risks }
}

const testOf = ({ warnings, filterTests }: StagedChange): ChangeTest => {
  const passed = filterTests.filter((test) => test.passed).length
  const output = warnings.join('\n').slice(0, MAX_TEST_OUTPUT)
  return { output, samples: { passed, failed: filterTests.length - passed } }
}

/** A stop needs no program, and a restart ends the daemon that they do not fit. */
const whyUnfit = async (context: LocalHostContext, { already, load }: ChangePlan): Promise<string | null> =>
  !already && loadSteps(load).some(({ how }) => how !== 'stop' && how !== 'none')
    ? whyClientUnfit(context)
    : null

/** Returns which jails run after the load of a change. */
function expectAfter({ load, running, enabled }: ChangePlan): ChangeExpect {
  if (load === 'daemon-restart')
    return { before: running, running: enabled, stopped: running.filter((name) => !enabled.includes(name)) }
  const jailsOf = (how: 'start' | 'stop') =>
    loadSteps(load).flatMap((step) => (step.how === how ? [step.jail] : []))
  return { before: running, running: jailsOf('start'), stopped: jailsOf('stop') }
}

/** Counts the bans that a change ends, with their jails, and those that it lifts for a moment. */
async function countBans(
  { connection }: LocalHostContext,
  { already, load, running }: ChangePlan,
): Promise<Pick<ChangePreview, 'bansEnding' | 'bansInterrupted'>> {
  const isRestart = load === 'daemon-restart'
  const ending = loadSteps(load).flatMap(({ jail, how }) => (how === 'stop' ? [jail] : []))
  const interrupted = isRestart
    ? running
    : loadSteps(load).flatMap(({ jail, how }) => (how === 'restart' ? [jail] : []))
  const jails = [...ending, ...interrupted].filter((name) => running.includes(name))
  if (already || jails.length === 0) return { bansEnding: 0, bansInterrupted: 0 }
  const capabilities = capabilitiesOf(await readVersion(connection, deadlines.read))
  const counts = await readJailCounts(connection, jails, { capabilities, deadline: deadlines.read })
  const sumOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + (counts.get(name)?.currentlyBanned ?? 0), 0)
  return { bansEnding: sumOf(ending), bansInterrupted: sumOf(interrupted) }
}

function assertNotRefused({ refused }: StagedChange): void {
  if (refused?.code === 'config_unwritable') throw new ConfigUnwritableError(refused.message)
  if (refused) throw new ConfigRefusedError(refused.message)
}

function assertTestsPass({ filterTests }: StagedChange): void {
  const failed = filterTests.filter(({ passed }) => !passed)
  const [first] = failed
  if (first) throw new FilterTestsFailedError({ failed: failed.length, filter: first.test.filter })
}

const diffOf = ({ files }: StagedChange) =>
  files.map(({ path, before, after }) => ({ path, diff: unifiedDiff(path, textOf(before), after) }))
