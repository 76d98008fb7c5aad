import { cleanText } from '@bangui/shared'
import type { DaemonConnection } from '../connection.ts'
import { Fail2banCommandError, StartFailedError } from '../errors.ts'
import { loadedSettings, readJailState, type JailState } from '../jail-state.ts'
import { CommandError } from '../wire/encode-command.ts'
import { startBareDaemon } from './bare-daemon.ts'
import { messagesOf, type Refusal } from './client-messages.ts'
import { dumpConfig } from './dump-config.ts'
import type { ConfigDump, StreamCommand } from './dump-config.ts'
import { rehearsalCommands, startedJails } from './rehearsal-commands.ts'
import type { RehearsalCommand } from './rehearsal-commands.ts'
import { readDump } from './read-dump.ts'
import type { ConfigFolder } from './stage.ts'
import { CONFIG_TIMEOUT_MS, serverProgram } from './tools.ts'
import type { ConfigTools } from './tools.ts'

/** A jail that would not come up as configured, with fail2ban's own reason. */
export interface FailedJail {
  readonly name: string
  readonly reason: string
}

/** The result of a rehearsal. */
export interface Rehearsal {
  readonly ok: boolean
  /** every reason, one a line; empty when all is well */
  readonly output: string
  readonly failedJails: readonly FailedJail[]
  /** every single refusal; `jail` null: about fail2ban itself */
  readonly refusals: readonly Refusal[]
  /** values that fail2ban passes over, for its default */
  readonly ignored: readonly Refusal[]
  /** the jails that the configuration switches on, as far as fail2ban could read them */
  readonly enabledJails: readonly string[]
  readonly stream: readonly StreamCommand[]
  /** what fail2ban-client wrote beside the commands, such as warnings */
  readonly clientOutput: string
  /** the jails of {@link RehearseOptions.describe} as the bare daemon has them, without those that are refused or off */
  readonly described: ReadonlyMap<string, JailState>
}

export interface RehearseOptions {
  /** @default all jails; settings of fail2ban itself are rehearsed in any case */
  readonly jails?: readonly string[]
  /** Returns the jails of the command stream whose settings are read back @default none */
  readonly describe?: (stream: readonly StreamCommand[]) => readonly string[] | Promise<readonly string[]>
  /** looks at what fail2ban would load before a daemon gets any of it; what it throws ends the rehearsal @default nothing */
  readonly allow?: ((dump: ConfigDump) => Promise<void>) | undefined
  /** milliseconds for everything @default CONFIG_TIMEOUT_MS */
  readonly deadline?: number
  readonly signal?: AbortSignal
}

/**
 * Lets fail2ban test a configuration, and sends its commands to a bare fail2ban-server of our own, without starting jails, adding
 * actions, opening logs or using a database: finds errors that fail2ban's own test does not check. The live daemon is not touched.
 * @throws ToolMissingError
 */
export async function rehearse(
  folder: ConfigFolder,
  tools: ConfigTools,
  options: RehearseOptions = {},
): Promise<Rehearsal> {
  const { deadline = CONFIG_TIMEOUT_MS } = options
  const end = performance.now() + deadline
  const left = () => Math.max(1, end - performance.now())
  const limits = { deadline, ...(options.signal === undefined ? {} : { signal: options.signal }) }
  const starting = startBareDaemon(serverProgram(tools), { configPath: folder.path, ...limits })
  // whatever happens to the dump, the daemon is ended below
  starting.catch(() => undefined)
  try {
    const dump = await dumpConfig(folder, tools, { ...limits, isTest: true })
    await options.allow?.(dump)
    const wanted = (name: string | null) =>
      name === null || options.jails === undefined || options.jails.includes(name)
    const refusals = readRefusals(dump, options.jails ?? [])
    const commands = rehearsalCommands(dump.stream).filter((command) => wanted(command.jail))
    if (dump.stream.length > 0) refusals.push(...(await play((await starting).connection, commands, left)))
    const described = await describe(dump.stream, starting, await options.describe?.(dump.stream))
    const found = refusals.filter((refusal) => wanted(refusal.jail))
    return { ...summarize(dump, found), described }
  } catch (error) {
    if (!(error instanceof StartFailedError)) throw error
    return {
      ok: false,
      output: error.message,
      failedJails: [],
      refusals: [{ jail: null, reason: error.message }],
      ignored: [],
      enabledJails: [],
      stream: [],
      clientOutput: '',
      described: new Map(),
    }
  } finally {
    await starting.then(
      (daemon) => daemon[Symbol.asyncDispose](),
      () => undefined,
    )
  }
}

/** Returns jails that the stream starts, as the bare daemon has them after playing the stream. */
async function describe(
  stream: readonly StreamCommand[],
  starting: ReturnType<typeof startBareDaemon>,
  jails: readonly string[] = [],
): Promise<Map<string, JailState>> {
  const states = new Map<string, JailState>()
  const started = new Set(startedJails(stream))
  for (const jail of jails) {
    if (!started.has(jail)) continue
    try {
      states.set(jail, await readJailState((await starting).connection, jail, loadedSettings(stream, jail)))
    } catch (error) {
      // refused when it was played, which is among the refusals
      if (!(error instanceof Fail2banCommandError)) throw error
    }
  }
  return states
}

/** Returns the refusals of fail2ban-client itself while it read the files. */
function readRefusals(dump: ConfigDump, jails: readonly string[]): Refusal[] {
  const { refusals, wrongJails, refusedSettings } = readDump(dump)
  const found: Refusal[] = [...wrongJails].map(([jail, reason]) => ({ jail, reason }))
  // not among the commands that are played
  if (refusedSettings.includes('stacksize'))
    found.push({
      jail: null,
      option: 'stacksize',
      reason: 'stacksize: fail2ban does not accept this value, and starts no jails with it.',
    })
  if (dump.ok || dump.stream.length > 0) return [...found, ...refusals]
  // without a rehearsal nothing is known about these jails
  const others = jails.filter((name) => !refusals.some((refusal) => refusal.jail === name))
  const reason = `fail2ban refuses the configuration as a whole: ${refusals.map((refusal) => refusal.reason).join(' ')}`
  return [...refusals, ...others.map((jail) => ({ jail, reason }))]
}

/** Returns the values that fail2ban-client replaced by its default, each with the jail that has it; null: fail2ban itself, or a filter or an action. */
const wrongValues = (output: string): Refusal[] =>
  [...new Map(messagesOf(output).map((each) => [each.text, each])).values()].flatMap(({ level, text }) => {
    const [, option, section = 'Definition'] =
      /^Wrong value for '([^'\n]+)' in '([^\n]+?)'\. Using default/.exec(text) ??
      /^Wrong \w+ value [^\n]* for '([\w.]+)'\. Using default/.exec(text) ??
      []
    if (level !== 'WARNING' || option === undefined) return []
    return [{ jail: ['Definition', 'Thread'].includes(section) ? null : section, option, reason: text }]
  })

async function play(
  connection: DaemonConnection,
  commands: readonly RehearsalCommand[],
  left: () => number,
): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  const missing = new Set<string>()
  // in batches: a reply of each is waited for, in order, and the queue stays short
  for (let start = 0; start < commands.length; start += 500) {
    const batch = commands.slice(start, start + 500)
    const reasons = await Promise.all(batch.map((command) => ask(connection, command, left())))
    for (const [index, reason] of reasons.entries()) {
      const command = batch[index]
      if (
        command === undefined ||
        reason === undefined ||
        (command.jail !== null && missing.has(command.jail))
      )
        continue
      if (command.jail !== null && command.args[0] === 'add') missing.add(command.jail)
      refusals.push(refusalOf(command, reason))
    }
  }
  return refusals
}

function refusalOf({ jail, option, args }: RehearsalCommand, reason: string): Refusal {
  if (option === null) return { jail, reason }
  return { jail, option, value: args.at(-1) ?? '', reason: `${option}: ${reason}` }
}

/** The reason of a refusal, or undefined. */
async function ask(
  connection: DaemonConnection,
  { args }: RehearsalCommand,
  deadline: number,
): Promise<string | undefined> {
  try {
    await connection.request(args, { deadline })
    return undefined
  } catch (error) {
    if (error instanceof Fail2banCommandError || error instanceof CommandError)
      return cleanText(error.message).slice(0, 2000)
    throw new StartFailedError(
      `The rehearsal on an empty daemon did not finish: ${error instanceof Error ? error.message : ''}`,
      { cause: error },
    )
  }
}

function summarize(
  { stream, output: clientOutput }: ConfigDump,
  found: readonly Refusal[],
): Omit<Rehearsal, 'described'> {
  const wrong = wrongValues(clientOutput)
  const isSame = ({ jail, option }: Refusal, refusal: Refusal) =>
    (jail ?? refusal.jail) === refusal.jail && option === refusal.option
  const refusals = found.map((refusal): Refusal => {
    const cause = wrong.find((each) => isSame(each, refusal))
    return cause === undefined ? refusal : { ...refusal, reason: `${refusal.reason}\n${cause.reason}` }
  })
  const ignored = wrong.filter((each) => !found.some((refusal) => isSame(each, refusal)))
  const reasons = new Map<string, string[]>()
  for (const { jail, reason } of refusals)
    if (jail !== null) reasons.set(jail, [...(reasons.get(jail) ?? []), reason])
  const failedJails = [...reasons].map(([name, own]) => ({ name, reason: own.slice(0, 20).join('\n') }))
  const general = refusals.filter((refusal) => refusal.jail === null).map((refusal) => refusal.reason)
  const output = [...general, ...failedJails.map(({ name, reason }) => `${name}: ${reason}`)].join('\n')
  return {
    ok: refusals.length === 0,
    output,
    failedJails,
    refusals,
    ignored,
    enabledJails: startedJails(stream),
    stream,
    clientOutput,
  }
}
