import { readJailProperty, setJailProperty } from './jail-commands.ts'
import { address, PythonException, type PythonValue, tuple } from './python-value.ts'
import type { SimulatedDaemon } from './simulated-daemon.ts'
import type { SimulatedJail } from './simulated-jail.ts'

/** The arguments of a command, as decoded from its pickle. */
export type CommandArguments = readonly unknown[]

type Command = (daemon: SimulatedDaemon, args: readonly string[], raw: CommandArguments) => PythonValue

/** Runs a command as fail2ban's transmitter does (server/transmitter.py). @throws PythonException */
export const runSimulatedCommand = (daemon: SimulatedDaemon, raw: CommandArguments): PythonValue => {
  if (raw.length === 0) throw new PythonException('builtins', 'IndexError', 'list index out of range')
  const [name = '', ...args] = raw.map(textOf)
  const command = commands.get(name)
  if (!command) throw invalidCommand()
  return command(daemon, args, raw)
}

const textOf = (part: unknown): string =>
  typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean' ? String(part) : ''

const invalidCommand = () => new PythonException('builtins', 'Exception', 'Invalid command')

const required = (args: readonly string[], index: number): string => {
  const value = args[index]
  if (value === undefined) throw new PythonException('builtins', 'IndexError', 'list index out of range')
  return value
}

/** `status` and `stats` list the jails by name. */
const byName = (daemon: SimulatedDaemon): readonly SimulatedJail[] =>
  daemon.jails.toSorted((a, b) => (a.name < b.name ? -1 : 1))

const stats = (daemon: SimulatedDaemon): PythonValue =>
  new Map(byName(daemon).map((jail) => [jail.name, jailStats(jail)] as const))

const jailStats = (jail: SimulatedJail): PythonValue => [
  jail.backend,
  tuple(jail.currentlyFailed, jail.totals.failed),
  tuple(jail.banCount, jail.totals.banned),
]

const jailStatus = (daemon: SimulatedDaemon, jail: SimulatedJail, flavor: string): PythonValue => {
  if (flavor === 'stats' && daemon.capabilities.stats) return jailStats(jail)
  const source =
    jail.backend === 'systemd'
      ? tuple('Journal matches', [`_SYSTEMD_UNIT=${jail.name}.service`])
      : tuple('File list', [...jail.logPaths])
  const actions = [tuple('Currently banned', jail.banCount), tuple('Total banned', jail.totals.banned)]
  if (flavor !== 'short' || !daemon.capabilities.shortStatus) {
    actions.push(tuple('Banned IP list', bannedIn(jail)))
  }
  const failed = [tuple('Currently failed', jail.currentlyFailed), tuple('Total failed', jail.totals.failed)]
  return [tuple('Filter', [...failed, source]), tuple('Actions', actions)]
}

const bannedIn = (jail: SimulatedJail): PythonValue => jail.bans.map((ban) => address(ban.address))

const status: Command = (daemon, [target, flavor = 'basic']) => {
  const list = [
    tuple('Number of jail', daemon.jails.length),
    tuple(
      'Jail list',
      byName(daemon)
        .map((jail) => jail.name)
        .join(', '),
    ),
  ]
  if (target === undefined) return list
  if (target !== '--all' || !daemon.capabilities.stats) return jailStatus(daemon, daemon.jail(target), flavor)
  if (flavor === 'stats') return stats(daemon)
  return [
    ...list,
    new Map(byName(daemon).map((jail) => [jail.name, jailStatus(daemon, jail, flavor)] as const)),
  ]
}

const banned: Command = (daemon, addresses) => {
  if (!daemon.capabilities.banned) throw invalidCommand()
  if (addresses.length === 0) return daemon.jails.map((jail) => new Map([[jail.name, bannedIn(jail)]]))
  return addresses.map((text) => daemon.jails.filter((jail) => jail.isBanned(text)).map((jail) => jail.name))
}

const unban: Command = (daemon, addresses) => {
  required(addresses, 0)
  const isAll = addresses.length === 1 && addresses[0] === '--all'
  const counts = daemon.jails.map((jail) =>
    isAll ? jail.unbanAll() : sum(addresses.map((text) => jail.unban(text))),
  )
  return sum(counts)
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** `reload --all|<jail> [options] [commands]`: the jails that the commands do not name are gone afterwards. */
const reload: Command = (daemon, [target = ''], raw) => {
  const [, , , stream] = raw
  const list = Array.isArray(stream)
    ? (stream as unknown[]).filter((entry): entry is unknown[] => Array.isArray(entry))
    : []
  const named = new Set(list.map((entry) => textOf(entry[1])))
  for (const jail of daemon.jails) {
    if ((target === '--all' || target === jail.name) && !named.has(jail.name)) daemon.removeJail(jail.name)
  }
  for (const entry of list.slice(0, 100_000)) runQuietly(daemon, entry)
  return 'OK'
}

/** The stream of a configuration has many settings that a simulated jail does not have. */
const runQuietly = (daemon: SimulatedDaemon, args: CommandArguments) => {
  try {
    if (args[0] === 'add' || args[0] === 'set') runSimulatedCommand(daemon, args)
  } catch (error) {
    if (!(error instanceof PythonException)) throw error
  }
}

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['ping', () => 'pong'],
  ['version', (daemon) => daemon.version],
  ['server-status', () => 'Server ready'],
  ['echo', (_daemon, args) => args],
  ['flushlogs', () => 'flushed'],
  ['status', status],
  ['banned', banned],
  ['unban', unban],
  ['reload', reload],
  ...['stats', 'statistic', 'statistics'].map((name): [string, Command] => [
    name,
    (daemon) => {
      if (!daemon.capabilities.stats) throw invalidCommand()
      return stats(daemon)
    },
  ]),
  [
    'add',
    (daemon, args) => {
      const name = required(args, 0)
      if (!daemon.hasJail(name))
        daemon.addJail({ name, ...(args[1] === undefined ? {} : { backend: args[1] }) })
      return name
    },
  ],
  ['start', (daemon, args) => (daemon.jail(required(args, 0)), null)],
  [
    'stop',
    (daemon, [name]) => {
      const names =
        name === undefined || name === '--all'
          ? daemon.jails.map((jail) => jail.name)
          : [daemon.jail(name).name]
      for (const jail of names) daemon.removeJail(jail)
      return null
    },
  ],
  [
    'get',
    (daemon, args) => {
      const name = required(args, 0)
      const setting = daemon.settings.get(name)
      return setting === undefined ? readJailProperty(daemon, daemon.jail(name), args.slice(1)) : setting
    },
  ],
  [
    'set',
    (daemon, args) => {
      const name = required(args, 0)
      if (!daemon.settings.has(name)) return setJailProperty(daemon, daemon.jail(name), args.slice(1))
      const value = required(args, 1).slice(0, 1000)
      daemon.settings.set(name, value)
      return value
    },
  ],
])
