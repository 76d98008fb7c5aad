import { parseAddress } from '@bangui/shared'
import { localTime } from '../local-time.ts'
import { address, PythonException, type PythonValue, tuple } from './python-value.ts'
import type { SimulatedDaemon } from './simulated-daemon.ts'
import type { SimulatedBan } from './ban-table.ts'
import type { SimulatedJail } from './simulated-jail.ts'

const permanentEnd = '9999-12-31 23:59:59'

/** `get <jail> <property>`. @throws PythonException */
export const readJailProperty = (
  daemon: SimulatedDaemon,
  jail: SimulatedJail,
  [property = '', ...args]: readonly string[],
): PythonValue => {
  switch (property) {
    case 'bantime':
    case 'findtime':
    case 'maxretry':
      return jail.settings[property]
    case 'logpath':
      return [...jail.logPaths]
    case 'ignoreip':
      return [...jail.ignored].map(address)
    case 'journalmatch':
    case 'failregex':
    case 'ignoreregex':
      return []
    case 'prefregex':
    case 'ignorecommand':
      return ''
    case 'ignoreself':
      return true
    case 'ignorecache':
      return null
    case 'actions':
      return ['noop']
    case 'datepattern':
      return tuple(null, 'Default Detectors')
    case 'banip':
      if (args[0] === '--with-time') return sortedByEnd(jail.bans).map(withTime)
      return sortedByEnd(jail.bans).map((ban) => address(ban.address))
    case 'banned':
      if (!daemon.capabilities.banned) break
      if (args.length === 0) return jail.bans.map((ban) => address(ban.address))
      if (args.length === 1) return jail.isBanned(args[0] ?? '') ? 1 : 0
      return args.map((text) => (jail.isBanned(text) ? 1 : 0))
  }
  throw new PythonException('builtins', 'Exception', 'Invalid command (no get action or not yet implemented)')
}

/** `set <jail> <property> …`. @throws PythonException */
export const setJailProperty = (
  daemon: SimulatedDaemon,
  jail: SimulatedJail,
  [property = '', ...args]: readonly string[],
): PythonValue => {
  switch (property) {
    case 'bantime':
    case 'findtime':
    case 'maxretry':
      jail.settings[property] = wholeNumber(args[0])
      return jail.settings[property]
    case 'idle':
      jail.isIdle = args[0] === 'on'
      return jail.isIdle
    case 'addignoreip':
    case 'delignoreip':
      return changeIgnored(jail, property, args)
    case 'banip':
      return args.filter((text) => jail.ban(text)).length
    case 'attempt':
      jail.addFailure(args[0] ?? '')
      return 1
    case 'unbanip':
      return unban(daemon, jail, args)
  }
  throw new PythonException('builtins', 'Exception', 'Invalid command (no set action or not yet implemented)')
}

const maxIgnored = 10_000

const changeIgnored = (
  { ignored }: SimulatedJail,
  property: 'addignoreip' | 'delignoreip',
  args: readonly string[],
): PythonValue => {
  for (const text of args) {
    const canonical = parseAddress(text)?.text ?? text.slice(0, 1000)
    if (property === 'addignoreip' && ignored.size < maxIgnored) ignored.add(canonical)
    if (property === 'delignoreip' && !ignored.delete(canonical))
      throw new PythonException('builtins', 'ValueError', 'list.remove(x): x not in list')
  }
  return [...ignored].map(address)
}

const unban = (daemon: SimulatedDaemon, jail: SimulatedJail, args: readonly string[]): PythonValue => {
  const isStrict = args[0] === '--report-absent'
  const targets = isStrict ? args.slice(1) : args
  const counts = targets.map((text) =>
    text.includes('/') && !daemon.capabilities.unbanNetwork ? 0 : jail.unban(text),
  )
  const absent = targets.filter((_text, index) => counts[index] === 0)
  if (isStrict && absent.length > 0) {
    const list = absent.map((text) => `'${text}'`).join(', ')
    throw new PythonException('builtins', 'ValueError', `not banned: [${list}]`)
  }
  return counts.reduce((total, count) => total + count, 0)
}

const wholeNumber = (text: string | undefined): number => {
  if (text === undefined || !/^-?\d{1,9}$/.test(text)) {
    throw new PythonException('builtins', 'NameError', `name '${text ?? ''}' is not defined`)
  }
  return Number(text)
}

const sortedByEnd = (bans: readonly SimulatedBan[]): readonly SimulatedBan[] => {
  const end = ({ since, duration }: SimulatedBan) =>
    duration < 0 ? Number.MAX_VALUE : since + duration * 1000
  return bans.toSorted((a, b) => end(a) - end(b))
}

const withTime = (ban: SimulatedBan): string => {
  const until = ban.duration < 0 ? permanentEnd : localTime(new Date(ban.since + ban.duration * 1000))
  return `${ban.address} \t${localTime(new Date(ban.since))} + ${ban.duration} = ${until}`
}
