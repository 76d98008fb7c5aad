import { nextTurn } from '@bangui/async'
import { ToolMissingError } from '../../errors.ts'
import { runTool } from '../../host/run-tool.ts'
import { parseIpset } from '../firewall/parse-ipset.ts'
import { parseIptablesRule } from '../firewall/parse-iptables.ts'
import { parseNftables } from '../firewall/parse-nftables.ts'
import { programsOf } from '../firewall/action-programs.ts'
import type { Observed } from '../observed.ts'
import type { JailActions } from '../seen/daemon-seen.ts'
import {
  NOT_USED,
  type Family,
  type FirewallSeen,
  type FirewallSet,
  type IptablesRule,
} from '../seen/firewall-seen.ts'
import { UnseenError, type Collector } from './collector.ts'

/** Listing 50,000 addresses takes 0.6 s. */
const DEADLINE_MS = 10_000
/** A listing of some 400,000 addresses. */
const MAX_LISTING_BYTES = 16 * 1024 * 1024
/** Lines that are parsed before other work runs. */
const LINES_PER_TURN = 500

const unused = { why: NOT_USED }

/** Sees what the firewall has, by tools that only list it, and only those that an action of a jail uses. */
export const collectFirewall: Collector<'firewall'> = async (collecting) => {
  const actions = await collecting.get('actions')
  const { sameNetwork, sameMounts } = await collecting.get('process')
  if (sameNetwork !== true)
    throw new UnseenError('fail2ban runs in another network than BanGUI, such as that of a container.')
  if (sameMounts !== true)
    throw new UnseenError(
      'fail2ban runs with other programs than BanGUI: the firewall may be listed by another tool.',
    )
  return listFirewall(usedPrograms(actions))
}

/** Returns the names of the programs that the actions of jails run. */
export const usedPrograms = (actions: readonly JailActions[]): ReadonlySet<string> =>
  new Set(
    actions
      .flatMap((jail) => jail.actions.flatMap(programsOf))
      .map((program) => program.split('/').at(-1) ?? ''),
  )

/** Lists those parts of the firewall that some programs work on. */
export async function listFirewall(used: ReadonlySet<string>): Promise<FirewallSeen> {
  // ipset is of no effect without a rule of iptables
  const usesIptables =
    used.has('iptables') || used.has('ip6tables') || used.has('ipset') || used.has('firewall-cmd')
  return {
    nftables: used.has('nft')
      ? await listed(['nft', '-j', 'list', 'ruleset'], async (text) => parseNftables(text))
      : unused,
    iptables: usesIptables ? await listed(['iptables-save', '-c'], (text) => parseRules(text, 4)) : unused,
    ip6tables: usesIptables ? await listed(['ip6tables-save', '-c'], (text) => parseRules(text, 6)) : unused,
    ipset: used.has('ipset')
      ? await listed<readonly FirewallSet[]>(['ipset', 'list', '-o', 'xml'], async (text) => parseIpset(text))
      : unused,
  }
}

async function listed<TValue>(
  command: readonly string[],
  parse: (text: string) => Promise<TValue>,
): Promise<Observed<TValue>> {
  const name = command.join(' ')
  const kept: Buffer[] = []
  let size = 0
  const onStdout = (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_LISTING_BYTES) kept.push(chunk)
  }
  try {
    const { ok, output, timedOut } = await runTool(command, { deadline: DEADLINE_MS, onStdout })
    if (timedOut) return { why: `“${name}” took longer than ${DEADLINE_MS / 1000} s.` }
    if (!ok) return { why: `“${name}” failed: ${whyRefused(output)}` }
    if (size > MAX_LISTING_BYTES) return { why: `The output of “${name}” is too long.` }
    return { value: await parse(Buffer.concat(kept).toString()) }
  } catch (error) {
    if (error instanceof ToolMissingError) return { why: `The program ${command[0]} is not installed.` }
    if (error instanceof SyntaxError) return { why: `The output of “${name}” cannot be read.` }
    throw error
  }
}

const whyRefused = (output: string): string =>
  /Operation not permitted|Permission denied/i.test(output)
    ? 'BanGUI may not look at the firewall. It needs to run as root or with the capability NET_ADMIN.'
    : (output.split('\n')[0]?.slice(0, 200) ?? '')

async function parseRules(text: string, family: Family): Promise<IptablesRule[]> {
  const rules: IptablesRule[] = []
  let table = ''
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('*')) table = line.slice(1)
    const rule = parseIptablesRule(line, family, table)
    if (rule) rules.push(rule)
    if (index % LINES_PER_TURN === LINES_PER_TURN - 1) await nextTurn()
  }
  return rules
}
