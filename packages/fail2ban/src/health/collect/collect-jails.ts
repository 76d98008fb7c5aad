import { capabilitiesOf } from '../../capabilities.ts'
import { jailArgument, readJailSummary } from '../../commands.ts'
import type { DaemonConnection } from '../../connection.ts'
import { Fail2banCommandError } from '../../errors.ts'
import { deadlines } from '../../host/local-host-context.ts'
import { isJailName } from '@bangui/shared'
import { readTextsOnly } from '../../replies.ts'
import type { ActionSeen, JailActions, JailBans, JailSeen } from '../seen/daemon-seen.ts'
import { daemonThatAnswers } from './collect-daemon.ts'
import type { Collector } from './collector.ts'

type Requests = Pick<DaemonConnection, 'request'>

/** Jails are asked for in lots of this size, so that a ban is never far behind in the queue. */
const JAILS_AT_ONCE = 5

/** Sees what the daemon has of each jail. A jail that was stopped meanwhile is left out. */
export const collectJails: Collector<'jails'> = async (collecting) => {
  const { jails, version } = await daemonThatAnswers(collecting)
  const { connection } = collecting.context
  const capabilities = capabilitiesOf(version ?? '')
  return eachJail(jails, async (name): Promise<JailSeen> => {
    const ask = asking(connection, name)
    const [summary, numbers, usedns, journalMatches, ignoreIp, ignoreCommand, increment] = await Promise.all([
      readJailSummary(connection, name, { capabilities, deadline: deadlines.read }),
      Promise.all([ask('bantime'), ask('findtime'), ask('maxretry')]),
      ask('usedns'),
      ask('journalmatch'),
      ask('ignoreip'),
      ask('ignorecommand'),
      ask('bantime.increment'),
    ])
    const [bantime = 0, findtime = 0, maxretry = 0] = numbers.map(numberOf)
    return {
      name,
      totalFailed: summary.totalFailed,
      totalBanned: summary.totalBanned,
      currentlyFailed: summary.currentlyFailed,
      bantime,
      findtime,
      maxretry,
      usedns: textOf(usedns),
      logPaths: summary.logPaths,
      journalMatches: matchesOf(journalMatches),
      ignoreIp: Array.isArray(ignoreIp) ? readTextsOnly(ignoreIp, 'ignoreip') : [],
      ignoreCommand: textOf(ignoreCommand),
      increment: increment === true,
    }
  })
}

/** The properties of actions that checks read. The daemon logs an error for one that it does not have, so only those are asked for. */
const wantedProperties = new Set([
  'actionban',
  'actionstart',
  'actioncheck',
  'addr_family',
  'addr_set?family=inet6',
  'addr_set',
  'addr_type',
  'blocktype',
  'chain',
  'chain_hook',
  'chain_priority',
  'family',
  'ipmset',
  'iptables',
  'iptables?family=inet6',
  'ipmset?family=inet6',
  'nftables',
  'ipset',
  'lockingopt',
  'known/chain',
  'name',
  'port',
  'protocol',
  'rule_stat',
  'table',
  'table_family',
  'type',
  'file',
  'daemon_list',
])

/** Sees the actions of each jail. */
export const collectActions: Collector<'actions'> = async (collecting) => {
  const { jails } = await daemonThatAnswers(collecting)
  const { connection } = collecting.context
  return eachJail(jails, async (jail): Promise<JailActions> => {
    const ask = asking(connection, jail)
    const names = readTextsOnly(await ask('actions'), 'actions')
    return { jail, actions: await Promise.all(names.map((name) => readAction(connection, jail, name))) }
  })
}

async function readAction(connection: Requests, jail: string, name: string): Promise<ActionSeen> {
  const get = (...args: readonly string[]) => connection.request(['get', jailArgument(jail), ...args])
  try {
    const known = readTextsOnly(await get('actionproperties', name), 'actionproperties')
    const wanted = known.filter((key) => wantedProperties.has(key))
    const values = await Promise.all(wanted.map((key) => get('action', name, key)))
    return { name, properties: new Map(wanted.map((key, index) => [key, textOf(values[index])])) }
  } catch (error) {
    // an action that is a program of its own has other properties
    if (error instanceof Fail2banCommandError) return { name, properties: new Map() }
    throw error
  }
}

/** Sees which addresses each jail bans. */
export const collectBans: Collector<'bans'> = async (collecting) => {
  const { jails } = await daemonThatAnswers(collecting)
  const { connection } = collecting.context
  return eachJail(jails, async (jail): Promise<JailBans> => {
    const listed = await asking(connection, jail)('banip')
    return { jail, addresses: Array.isArray(listed) ? readTextsOnly(listed, 'banip') : [] }
  })
}

/** Returns what asks for something of a jail. */
export const asking =
  (connection: Requests, jail: string) =>
  (what: string): Promise<unknown> =>
    connection.request(['get', jailArgument(jail), what], { deadline: deadlines.read })

/** Looks at jails in lots. Those that were stopped meanwhile are left out. */
export async function eachJail<TSeen>(
  jails: readonly string[],
  look: (name: string) => Promise<TSeen>,
): Promise<TSeen[]> {
  const found: TSeen[] = []
  const names = jails.filter(isJailName)
  for (let at = 0; at < names.length; at += JAILS_AT_ONCE) {
    const lot = await Promise.all(
      names.slice(at, at + JAILS_AT_ONCE).map((name) =>
        look(name).then(
          (seen) => [seen],
          (error: unknown) => {
            // it was stopped meanwhile
            if (error instanceof Fail2banCommandError) return []
            throw error
          },
        ),
      ),
    )
    found.push(...lot.flat())
  }
  return found
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : ''

const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)

/** A journal match is a list of its own for each alternative. */
const matchesOf = (value: unknown): string[][] =>
  Array.isArray(value)
    ? value.flatMap((part: unknown) =>
        Array.isArray(part) ? [[...readTextsOnly(part, 'journalmatch')]] : [],
      )
    : []
