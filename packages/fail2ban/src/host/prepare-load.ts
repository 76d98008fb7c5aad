import { randomUUID } from 'node:crypto'
import { isJailName, type ChangeExpect, type ChangeLoad, type LoadStep } from '@bangui/shared'
import { hasJail } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { stageConfig } from '../config/stage.ts'
import { isEnabled } from '../config/switch-jail.ts'
import {
  ConfigRefusedError,
  Fail2banUnavailableError,
  JailDisabledError,
  JailUnknownError,
  OutcomeUnknownError,
} from '../errors.ts'
import type { ChangeInput, LoadRequest, PreparedChange } from '../models/change-models.ts'
import { refuseBesideUnconfirmed } from './confirm-change.ts'
import { findDaemon, listDaemonJails } from './daemon.ts'
import { emitStep } from './emit-step.ts'
import { expectedJails } from './jails-without-log.ts'
import type { LocalHostContext } from './local-host-context.ts'
import { assertLoadable } from './reload.ts'
import { markOwnLog } from './own-log.ts'
import type { SavedChange } from './saved-change.ts'
import { findStaleJails } from './stale-actions.ts'
import { validateStaged } from './validate-staged.ts'
import { CommandError } from '../wire/encode-command.ts'

/** Returns whether a change only stops a jail: an emergency, which nothing that waits may hold up. */
export const isStop = ({ load }: Pick<ChangeInput, 'load'>): boolean =>
  load !== undefined && !('all' in load) && load.how === 'stop'

interface PlannedLoad {
  readonly load: ChangeLoad
  readonly expect: ChangeExpect
}

/**
 * Prepares a change without files: a load of the configuration as it stands, which is tested and rehearsed first.
 * @throws CommandError, JailUnknownError, JailDisabledError, ConfigRefusedError (nothing was touched), Fail2banUnavailableError
 */
export async function prepareLoad(
  context: LocalHostContext,
  { title, edits, load: request }: ChangeInput & { readonly load: LoadRequest },
): Promise<PreparedChange> {
  if (edits.length > 0) throw new CommandError('A change has edits or a load, not both.')
  if (!isStop({ load: request })) await refuseBesideUnconfirmed(context)
  emitStep(context, 'testing')
  const { load, expect } = await plan(context, request)
  const log = await markOwnLog(context)
  const change: SavedChange = {
    id: randomUUID(),
    title,
    createdAt: context.clock(),
    state: 'prepared',
    load,
    runtime: [],
    expect,
    files: [],
    written: [],
    ...(log && { log }),
  }
  await context.changes.save(change)
  return { changeId: change.id, files: [], load, runtime: [], expect, diff: [], messages: [], risks: [] }
}

const hows: readonly string[] = ['start', 'stop', 'reload', 'restart']

async function plan(context: LocalHostContext, request: LoadRequest): Promise<PlannedLoad> {
  if ('all' in request) return planFullLoad(context)
  const { jail, how } = request
  if (!hows.includes(how)) throw new CommandError('A jail can be started, stopped, reloaded or restarted.')
  return how === 'stop' ? planStop(context, jail) : planJailLoad(context, jail, how)
}

async function planFullLoad(context: LocalHostContext): Promise<PlannedLoad> {
  const before = await listJailsOrThrow(context)
  await assertLoadable(context)
  const running = await expectedJails(context, await readFail2banConfig(context.configDir))
  const stopped = before.filter((name) => !running.includes(name))
  return { load: { all: true }, expect: { before, running, stopped } }
}

async function planJailLoad(
  context: LocalHostContext,
  jail: string,
  how: 'start' | 'reload' | 'restart',
): Promise<PlannedLoad> {
  const config = await readFail2banConfig(context.configDir)
  if (!hasJail(config, jail)) throw new JailUnknownError(jail)
  if (!isEnabled(config, jail)) throw new JailDisabledError(jail)
  const before = await listJailsOrThrow(context)
  await using staged = await stageConfig(context.configDir)
  const { refused } = await validateStaged(context, staged, { jails: [jail], before: null })
  if (refused !== null) throw new ConfigRefusedError(refused)
  const step = await planStep(context, jail, before.includes(jail) ? how : undefined)
  return { load: [step], expect: { before, running: [jail], stopped: [] } }
}

/** `how` undefined: the jail does not run. */
async function planStep(
  context: LocalHostContext,
  jail: string,
  how: 'start' | 'reload' | 'restart' | undefined,
): Promise<LoadStep> {
  if (how === undefined) return { jail, how: 'start' }
  const isRestart = how === 'restart' || (await findStaleJails(context, [jail])).has(jail)
  return { jail, how: isRestart ? 'restart' : 'reload' }
}

async function planStop(context: LocalHostContext, jail: string): Promise<PlannedLoad> {
  if (!isJailName(jail)) throw new JailUnknownError(jail)
  const before = await listDaemonJails(context).catch((error: unknown) => {
    // a daemon that is busy gets the stop as soon as it listens again
    if (isSilence(error)) return [jail]
    throw error
  })
  if (!before.includes(jail)) throw new JailUnknownError(jail)
  return { load: [{ jail, how: 'stop' }], expect: { before, running: [], stopped: [jail] } }
}

const isSilence = (error: unknown) =>
  error instanceof OutcomeUnknownError ||
  (error instanceof Fail2banUnavailableError && error.params.reason === 'timeout')

async function listJailsOrThrow(context: LocalHostContext): Promise<string[]> {
  const { state } = await findDaemon(context)
  if (state === 'up') return listDaemonJails(context)
  if (state === 'down')
    throw new Fail2banUnavailableError('refused', 'fail2ban is not running. Start it first.')
  throw new Fail2banUnavailableError('timeout', 'fail2ban is running but does not respond.')
}
