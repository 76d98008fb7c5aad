import {
  loadSteps,
  parseAddress,
  type ChangeLoad,
  type Edit,
  type FilterTest,
  type LoadStep,
  type LockOutRisk,
  type RuntimeSetting,
  type SettingChange,
} from '@bangui/shared'
import { valuesInStream, type Streams } from '../config/compare-streams.ts'
import { findLockOutRisks, isWayIn } from '../config/lock-out-risks.ts'
import { planChange as planFiles, planEdits } from '../config/plan-edits.ts'
import { startedJails } from '../config/rehearsal-commands.ts'
import { Fail2banCommandError } from '../errors.ts'
import type { ConfigEdit, JailTuning } from '../models/edit-models.ts'
import { compareStates, readJailState } from '../jail-state.ts'
import { CommandError } from '../wire/encode-command.ts'
import { assertCommandsAllowed } from './assert-allowed.ts'
import { describeFindings } from './check-config.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { planIgnoresEdit } from './edit-ignores.ts'
import { planManualJail } from './edit-manual-jail.ts'
import type { EditPlan } from './edit-plan.ts'
import { planRevert } from './edit-revert.ts'
import { planSettings } from './edit-settings.ts'
import { planJailSwitch } from './edit-switch.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { planLoad } from './plan-load.ts'
import { runtimeSettings } from './runtime-settings.ts'
import { settingChanges, temporaryTuning } from './setting-changes.ts'
import { nothingStaged, stageChange, type StagedChange } from './stage-change.ts'
import { restartStale } from './stale-actions.ts'

/** A change that was worked out in a copy. */
export interface ChangePlan {
  /** there is nothing to do */
  readonly already: boolean
  readonly staged: StagedChange
  readonly load: ChangeLoad
  /** the jails that run now */
  readonly running: readonly string[]
  /** the jails that run after the load of the whole configuration */
  readonly enabled: readonly string[]
  /** something is loaded now */
  readonly loads: boolean
  /** what the load changes in the running jails */
  readonly changes: readonly SettingChange[]
  readonly runtime: readonly RuntimeSetting[]
  /** why it can lock people out */
  readonly risks: readonly LockOutRisk[]
}

/**
 * Works out a change: its files, tested and rehearsed in a copy, and its load. Nothing is saved.
 * @throws CommandError for a bad value, JailUnknownError, ConfigUnreadableError
 */
export async function planChange(
  context: LocalHostContext,
  edits: readonly ConfigEdit[],
  filterTests: readonly FilterTest[] = [],
): Promise<ChangePlan> {
  if (edits.length === 0) throw new CommandError('A change has at least one edit.')
  const plans: EditPlan[] = []
  for (const group of groupEdits(edits)) plans.push(await planGroup(context, group))
  const isDone = plans.every(({ already }) => already)
  const isShown = plans.some(({ tuning }) => tuning !== undefined)
  const staged = isDone && !isShown ? nothingStaged : await stageChange(context, plans, filterTests)
  const asked = plans.flatMap(({ already, steps, tuning }) =>
    already && tuning === undefined ? [] : (steps ?? []),
  )
  const running = await runningJails(context)
  const { streams } = staged
  const { load: planned, runtime } = planLoad({ asked, comparison: streams?.comparison ?? null, running })
  const load =
    streams === null ? planned : await restartStale(context, planned, { stream: streams.after, running })
  const already = isDone || (staged.refused === null && staged.files.length === 0 && asked.length === 0)
  const reloaded = loadSteps(load).filter((step) => isReloaded(step, running))
  const changed = await changesOfLoad(context, reloaded, { plans, staged })
  const isLoaded = ({ jail, how }: LoadStep) =>
    how === 'start' || how === 'stop' || (running.includes(jail) && staged.described.has(jail))
  return {
    already,
    staged: load === 'daemon-restart' ? refuseAnyFinding(staged) : staged,
    load,
    running,
    enabled: streams ? startedJails(streams.after) : [],
    loads: load === 'daemon-restart' || loadSteps(load).some(isLoaded),
    changes: changed.flatMap(({ changes }) => changes),
    runtime: [...runtime, ...changed.flatMap((one) => keptAfter(one, plans))],
    risks: already ? [] : risksOf(load, streams),
  }
}

/** Where the commands were not compared, the edits only switch jails. */
function risksOf(load: ChangeLoad, streams: Streams | null): LockOutRisk[] {
  if (streams !== null) return findLockOutRisks(streams.before, streams.after)
  const jails = loadSteps(load).flatMap(({ jail, how }) => (how !== 'stop' && isWayIn(jail) ? [jail] : []))
  return jails.length === 0 ? [] : [{ cause: 'way_in', jails }]
}

/** The edits that are planned together: those of files follow each other, each other one is planned alone. */
function groupEdits(edits: readonly ConfigEdit[]): (ConfigEdit | readonly Edit[])[] {
  const groups: (ConfigEdit | Edit[])[] = []
  for (const edit of edits) {
    const last = groups.at(-1)
    if (!isFileEdit(edit)) groups.push(edit)
    else if (Array.isArray(last)) last.push(edit)
    else groups.push([edit])
  }
  return groups
}

const isFileEdit = (edit: ConfigEdit): edit is Edit =>
  edit.kind === 'set' || edit.kind === 'file' || edit.kind === 'create' || edit.kind === 'delete'

async function planGroup(context: LocalHostContext, group: ConfigEdit | readonly Edit[]): Promise<EditPlan> {
  if (!('kind' in group)) return planFileEdits(context, group)
  if (group.kind === 'switch') return planJailSwitch(context, group)
  if (group.kind === 'settings') return planSettings(context, group)
  if (group.kind === 'manual_jail') return planManualJail(context, group.name)
  if (group.kind === 'ignores') return planIgnoresEdit(context, group)
  if (group.kind === 'revert') return planRevert(context, group)
  return planFileEdits(context, [group])
}

/** What keeps an edit from taking effect is found as it is planned. */
const planFileEdits = (context: LocalHostContext, edits: readonly Edit[]): EditPlan => ({
  already: false,
  plan: (draft) => planEdits(draft, edits),
  allow: async (draft, known) => assertCommandsAllowed(context, await planFiles(draft, edits), known),
  findShadowingSetting: () => null,
  jails: edits.flatMap((edit) =>
    (edit.kind === 'set' || edit.kind === 'create') && edit.scope === 'jail' && edit.name !== undefined
      ? [edit.name]
      : [],
  ),
  steps: null,
})

/** A restart of fail2ban loads every jail, so one that it refuses would be lost. */
function refuseAnyFinding(staged: StagedChange): StagedChange {
  if (staged.refused !== null || staged.findings.length === 0) return staged
  const message = describeFindings(staged.findings).join('\n')
  const reasons = new Set(staged.findings.map(({ reason }) => reason))
  const messages = staged.messages.map((each) =>
    reasons.has(each.text) ? { ...each, severity: 'error' as const } : each,
  )
  return { ...staged, refused: { code: 'config_refused', message }, messages }
}

const isReloaded = ({ jail, how }: LoadStep, running: readonly string[]) =>
  (how === 'reload' || how === 'restart') && running.includes(jail)

/** What the load changes in a running jail. */
interface ChangesOfJail {
  readonly jail: string
  readonly changes: readonly SettingChange[]
}

interface Planned {
  readonly plans: readonly EditPlan[]
  readonly staged: StagedChange
}

async function changesOfLoad(
  context: LocalHostContext,
  steps: readonly LoadStep[],
  { plans, staged }: Planned,
): Promise<ChangesOfJail[]> {
  const found: ChangesOfJail[] = []
  for (const { jail } of steps) {
    const after = staged.described.get(jail)
    if (after === undefined) continue
    try {
      const now = await readJailState(context.connection, jail, [...after.settings.keys()])
      const asked = plans.find(({ tuning }) => tuning?.jail === jail)?.tuning?.settings
      const settings = asked ?? tuningInStreams(staged.streams, jail)
      found.push({ jail, changes: settingChanges(compareStates(now, after), settings) })
    } catch (error) {
      // the jail was unloaded in this moment
      if (!(error instanceof Fail2banCommandError)) throw error
    }
  }
  return found
}

/** What was changed until the next load stays in effect after this one, but for what an edit gives up. */
function keptAfter({ jail, changes }: ChangesOfJail, plans: readonly EditPlan[]): RuntimeSetting[] {
  const giveUp = plans.flatMap(({ tuning }) => (tuning?.jail === jail ? tuning.giveUp : []))
  const isGivenUp = ({ key, value }: RuntimeSetting) =>
    giveUp.includes(key.endsWith('ignoreip') ? value : key)
  return runtimeSettings(jail, temporaryTuning(changes)).filter((setting) => !isGivenUp(setting))
}

/** The settings of a jail that a change sets, as far as they can be tuned: the load changes the others back to the files. */
function tuningInStreams(streams: Streams | null, jail: string): JailTuning {
  if (streams === null) return {}
  const [before, after] = [streams.before, streams.after].map(
    (stream) => (key: string) => valuesInStream(stream, jail, key),
  ) as [(key: string) => string[], (key: string) => string[]]
  // only that it is asked for counts
  const number = (key: string) => (before(key).join() === after(key).join() ? undefined : 0)
  const [old, now] = [before('addignoreip'), after('addignoreip')].map((list) => list.map(canonical)) as [
    string[],
    string[],
  ]
  return {
    bantime: number('bantime'),
    findtime: number('findtime'),
    maxretry: number('maxretry'),
    addIgnored: now.filter((text) => !old.includes(text)),
    removeIgnored: old.filter((text) => !now.includes(text)),
  }
}

const canonical = (text: string) => parseAddress(text)?.text ?? text

/** Returns the jails that the daemon has; none where it does not answer. */
const runningJails = async (context: LocalHostContext): Promise<string[]> =>
  (await findDaemon(context)).state === 'up' ? listDaemonJails(context) : []
