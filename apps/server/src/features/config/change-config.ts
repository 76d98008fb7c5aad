import { findChange, listFilterTests } from '@bangui/db'
import { isHostError, type ChangeInput } from '@bangui/fail2ban'
import {
  loadSteps,
  MINUTE_MS,
  type ApplyConfigInput,
  type ChangeLoad,
  type ConfigApplied,
  type ConfigPreview,
  type Edit,
  type RevertConfigInput,
} from '@bangui/shared'
import type { HostDeps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import { followChange, type FollowedChange, type Following } from '../jails/follow-change.ts'
import { makeChange } from '../jails/make-change.ts'
import { listPeople, lockOutOf } from './people.ts'
import { refuseDuringRollback } from '../recovery/recovery.service.ts'
import { revertChange, type Reverting } from '../recovery/revert-change.ts'

/** Returns what edits of the configuration would do; nothing is changed. */
export async function previewConfig(
  deps: Pick<HostDeps, 'host' | 'hostDb' | 'database' | 'state' | 'clock'>,
  edits: readonly Edit[],
): Promise<ConfigPreview> {
  const filterTests = await listFilterTests(deps.hostDb, null)
  const people = await listPeople(deps)
  const preview = await deps.host.config.preview({ edits, filterTests, people: [...people.keys()] })
  const { refused, warnings, messages, files, load, bansEnding, bansInterrupted, risks } = preview
  return {
    ok: refused === null,
    output: refused ?? warnings.join('\n'),
    messages: [...messages],
    diff: files.map(({ path, diff }) => ({ file: path, unified: diff })),
    load: { ...loadedJails(load), full: false, restart: load === 'daemon-restart' },
    bansEnding,
    bansInterrupted,
    filterTests: [...preview.filterTests],
    riskOfLockout: risks.length > 0,
    ...lockOutOf(deps, preview, people),
  }
}

function loadedJails(load: ChangeLoad): Pick<ConfigPreview['load'], 'jails' | 'restartJails' | 'stopJails'> {
  const steps = loadSteps(load)
  const jailsOf = (...hows: readonly string[]) =>
    steps.flatMap(({ jail, how }) => (hows.includes(how) ? [jail] : []))
  return {
    jails: jailsOf('start', 'reload', 'restart'),
    restartJails: jailsOf('restart'),
    stopJails: jailsOf('stop'),
  }
}

/** Who applies a change, since when that user is signed in, and the operation that shows how it gets on. */
export interface Applying extends Omit<Reverting, 'level'> {
  readonly following: Following
  readonly signedInAt: number
}

/** How long a sign-in counts for changes that can run commands as root. */
const SIGN_IN_MS = 10 * MINUTE_MS

/**
 * Makes edits of the configuration: tested, rehearsed, saved, written and loaded. What is refused is a result, too.
 * @throws AppError sign_in_too_old, config_not_allowed, filter_tests_failed
 */
export async function applyConfig(
  deps: HostDeps,
  { edits, note, ignoreFailedTests }: ApplyConfigInput,
  { signedInAt, confirmer, following, ...operation }: Applying,
): Promise<ConfigApplied> {
  refuseDuringRollback(deps)
  const request = {
    edits,
    note,
    filterTests: await listFilterTests(deps.hostDb, null),
    ignoreFailedTests,
    title: titleOf(edits),
    operationId: operation.operationId,
    confirmer,
  }
  return withSignIn(deps, signedInAt, (level) =>
    settled(() =>
      followChange(deps, following, (hooks) =>
        deps.stopActors.during({ jail: null, by: operation.userName }, () =>
          makeChange(deps, { ...request, ...level, ...hooks }),
        ),
      ),
    ),
  )
}

/**
 * Makes a change at the level that a sign-in is recent enough for: the level of the host, or `jails`.
 * @throws AppError sign_in_too_old where a newer one would be enough
 */
export async function withSignIn<TResult>(
  { clock, config }: Pick<HostDeps, 'clock' | 'config'>,
  signedInAt: number,
  make: (request: Pick<ChangeInput, 'level'>) => Promise<TResult>,
): Promise<TResult> {
  const isRecent = clock() - signedInAt < SIGN_IN_MS
  try {
    return await make(isRecent ? {} : { level: 'jails' })
  } catch (error) {
    const mayDoMore = !isRecent && config.configWrite === 'all'
    if (mayDoMore && isHostError(error, 'config_not_allowed') && error.params.needs === 'all')
      throw new AppError('sign_in_too_old')
    throw error
  }
}

/** Returns what the title of an operation says about tests of filters that it ignores. */
export const ignoredTests = ({ ignoreFailedTests }: Pick<ApplyConfigInput, 'ignoreFailedTests'>): string =>
  ignoreFailedTests ? ', even if tests of filters fail' : ''

/**
 * Takes a change back with a new change.
 * @throws AppError not_found, undo_superseded, config_changed, sign_in_too_old, config_not_allowed, filter_tests_failed
 */
export async function revertConfig(
  deps: HostDeps,
  { id, choices }: Pick<RevertConfigInput, 'id' | 'choices'>,
  { following, signedInAt, ...operation }: Applying,
): Promise<ConfigApplied> {
  const change = await findChange(deps.hostDb, id)
  if (!change) throw new AppError('not_found')
  return withSignIn(deps, signedInAt, (level) =>
    settled(() =>
      followChange(deps, following, (hooks) =>
        revertChange(deps, change, { ...operation, ...level, ...hooks, choices }),
      ),
    ),
  )
}

async function settled(work: () => Promise<FollowedChange>): Promise<ConfigApplied> {
  try {
    const { made, firewall } = await work()
    if (!made) return { id: null, applied: true, provisional: false, output: null, files: [] }
    return { ...made, files: [...made.files], ...(firewall.length > 0 && { firewall: [...firewall] }) }
  } catch (error) {
    if (!isHostError(error, 'config_refused', 'config_unwritable')) throw error
    return { id: null, applied: false, provisional: false, output: error.message, files: [] }
  }
}

/** Returns a few words for people, such as "Changing jail sshd". */
export function titleOf(edits: readonly Edit[]): string {
  const subjects = [...new Set(edits.map(subjectOf))]
  const [first = 'the configuration'] = subjects
  return subjects.length <= 1 ? `Changing ${first}` : `Changing ${first} and ${subjects.length - 1} more`
}

function subjectOf(edit: Edit): string {
  if (edit.kind === 'file') return edit.file
  if (edit.scope === 'default') return 'the defaults of all jails'
  if (edit.scope === 'fail2ban') return 'settings of fail2ban'
  return `${edit.scope} ${edit.name ?? ''}`
}
