import { existsSync } from 'node:fs'
import { expectRunning, findMissingJails } from '@bangui/shared'
import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'
import { DaemonRunsError, StartFailedError } from '../errors.ts'
import type { LoadOutcome } from '../models/daemon-models.ts'
import { findBlockingFile } from './check-config.ts'
import { shorten } from './shorten.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { findDaemonProcess } from './daemon-process.ts'
import { findDaemon, isAnswering, listDaemonJails, waitUntil } from './daemon.ts'
import { pidfileOf } from './pidfile.ts'
import { expectedJails } from './jails-without-log.ts'
import { loadJail } from './load-jail.ts'
import { type LogPosition, markLog, readLogSince } from './log-tail.ts'
import { runTool, type ToolResult } from './run-tool.ts'
import { isHolder, nameHolder } from './socket-guard.ts'
import type { SocketHolder } from './socket-holder.ts'
import { removeStaleSocket } from './socket-state.ts'

const MAX_OUTPUT_LENGTH = 8000

/** Returns whether systemd runs this machine (sd_booted(3)). */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system')

/** The argument vector that starts the daemon when the settings name none. */
export const defaultStartCommand = (
  context: Pick<LocalHostContext, 'client' | 'configDir' | 'socketPath'>,
): readonly string[] =>
  hasSystemd()
    ? ['systemctl', 'start', 'fail2ban']
    : [context.client, '-c', context.configDir, '-s', context.socketPath, '-x', 'start']

/**
 * Starts the daemon. It is up when it answers, and still answers two seconds later as the same process. Returns which of the
 * jails that should run do not. Exit codes prove nothing here.
 * @throws DaemonRunsError when a daemon runs already (a silent one, too), StartFailedError
 */
export async function startDaemon(context: LocalHostContext): Promise<LoadOutcome> {
  const found = await findDaemon(context)
  if (found.state !== 'down') throw new DaemonRunsError(found.state === 'up', found.pid)
  const blocking = await findBlockingFile(context)
  if (blocking !== null) throw new StartFailedError(blocking)
  const config = await readFail2banConfig(context.configDir)
  if (found.staleSocket) await removeStaleSocket(context.socketPath)
  const log = await markLog(daemonOption(config, 'logtarget'))
  const tool = found.holder
    ? await startThroughHolder(context, found.holder, log)
    : await runStartCommand(context)
  if (!(await waitUntil(() => isAnswering(context), upTimeoutMs(tool)))) {
    throw new StartFailedError(explain(tool, await readStartLog(context, log)))
  }
  const wanted = await expectedJails(context, config)
  const refused = tool.ok ? [] : await loadOneByOne(context, wanted)
  if (!(await staysUp(context))) throw new StartFailedError(explain(tool, await readStartLog(context, log)))
  const running = (await listDaemonJails(context)).filter((name) => !refused.includes(name))
  const missingJails = findMissingJails(expectRunning(wanted), running)
  const ok = missingJails.length === 0
  return { ok, missingJails, output: ok ? null : explain(tool, '') }
}

/**
 * Starts the daemon with a connection, because the process that listens in its place starts it then; a start command
 * would interfere. If no daemon comes up, the start command is used.
 */
async function startThroughHolder(
  context: LocalHostContext,
  holder: SocketHolder,
  log: LogPosition | undefined,
): Promise<ToolResult> {
  const hasEnded = async () => (await readLogSince(log)) !== '' && isHolder(await context.guard.look())
  context.guard.permitOne()
  await waitUntil(async () => (await isAnswering(context)) || (await hasEnded()), deadlines.up)
  const ok = await isAnswering(context)
  if (!ok && !(await hasEnded())) return runStartCommand(context)
  const output = `${nameHolder(holder)} started fail2ban${ok ? '' : ', and it ended again'}.`
  return { ok, code: null, timedOut: false, output }
}

async function runStartCommand(context: LocalHostContext): Promise<ToolResult> {
  if (context.startCommand === null && hasSystemd()) {
    // five crashes in ten seconds make systemd refuse every further start
    await runTool(['systemctl', 'reset-failed', 'fail2ban'], { deadline: deadlines.startTool })
  }
  const command = context.startCommand ?? defaultStartCommand(context)
  return runTool(command, { deadline: deadlines.startTool })
}

/** How long to wait for a daemon: not long after a tool that failed, or that found the daemon running. */
const upTimeoutMs = (tool: ToolResult) =>
  tool.ok && !tool.output.includes('Server ready') ? deadlines.up : deadlines.seen

/** A supervisor may replace a daemon that dies within milliseconds: another process is not the same daemon staying up. */
async function staysUp(context: LocalHostContext): Promise<boolean> {
  const first = await findDaemon(context)
  if (first.state === 'down') return false
  const pidfile = await pidfileOf(context.configDir)
  const changed = async () => {
    const now = await findDaemonProcess(pidfile)
    return first.pid === null ? !(await isAnswering(context)) : now.state === 'none' || now.pid !== first.pid
  }
  if (await waitUntil(changed, deadlines.staysUp)) return false
  return waitUntil(() => isAnswering(context), deadlines.up)
}

/**
 * After a start with a value that only the daemon refuses, all jails after that one are missing and none is started.
 * Loaded one by one, each bad value only affects its own jail. Returns the names of refused jails.
 */
async function loadOneByOne(context: LocalHostContext, names: readonly string[]): Promise<string[]> {
  const refused: string[] = []
  for (const name of names) {
    const load = await loadJail(context, name, true)
    if (load.refused === null) continue
    refused.push(name)
    // unloads a jail that is half-configured
    await loadJail(context, name, false)
  }
  return refused
}

/** The daemon's own log since the start, or systemd's journal of the unit where there is no such file. */
async function readStartLog(context: LocalHostContext, log: LogPosition | undefined): Promise<string> {
  const text = await readLogSince(log)
  if (text !== '' || context.startCommand !== null || !hasSystemd()) return text
  const command = ['journalctl', '-u', 'fail2ban', '-n', '40', '-o', 'cat', '--no-pager']
  const journal = await runTool(command, { deadline: deadlines.read }).catch(() => undefined)
  return journal?.ok === true ? journal.output : ''
}

function explain(tool: ToolResult, log: string): string {
  const parts = [tool.output, tool.timedOut ? 'The start command did not end in time.' : '', log]
  return shorten(parts.filter((part) => part !== '').join('\n'), MAX_OUTPUT_LENGTH) || 'There was no output.'
}
