import { parseAddress, type Address, type HealthProblem } from '@bangui/shared'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import type { StreamJail } from '../seen/config-seen.ts'
import type { JailSeen } from '../seen/daemon-seen.ts'
import type { JailLog } from '../seen/own-log-seen.ts'

const DAY_MS = 24 * 3_600_000
/** A shorter ban is over before it is of use. */
const MIN_BANTIME_SECONDS = 30
/** So many failures without a ban are remarkable. */
const MANY_FAILURES = 100
const MANY_IGNORED = 50

/** Whether the limits and the ignore list of a jail let it ban at all. */
export const limitChecks = {
  'findtime-zero': defineCheck({ needs: ['jails'] }, ({ seen: { jails } }) => ({
    problems: jails.flatMap(({ name, findtime, maxretry }) => [
      ...(findtime > 0
        ? []
        : [
            problemOf({
              severity: 'critical',
              jail: name,
              title: `${name}: findtime is ${findtime}, so no failures count`,
              detail: 'fail2ban forgets each failure immediately and never bans.',
              evidence: [`get ${name} findtime: ${findtime}`],
              remedy: 'Set findtime to a duration such as 10m.',
              fix: [{ kind: 'set', scope: 'jail', name, key: 'findtime', value: '10m' }],
            }),
          ]),
      ...(maxretry > 0
        ? []
        : [
            problemOf({
              severity: 'warning',
              jail: name,
              subject: 'maxretry',
              title: `${name}: maxretry is ${maxretry}, so a single failure causes a ban`,
              detail: 'Anybody who mistypes a password once is banned.',
              evidence: [`get ${name} maxretry: ${maxretry}`],
              remedy: 'Set maxretry to a number such as 5.',
              fix: [{ kind: 'set', scope: 'jail', name, key: 'maxretry', value: '5' }],
            }),
          ]),
    ]),
  })),

  'bantime-zero': defineCheck({ needs: ['jails'] }, ({ seen: { jails } }) => ({
    problems: jails.flatMap(({ name, bantime }) => {
      if (bantime < 0 || bantime >= MIN_BANTIME_SECONDS) return []
      return [
        problemOf({
          severity: bantime === 0 ? 'critical' : 'warning',
          jail: name,
          title:
            bantime === 0
              ? `${name}: bantime is 0, so nobody is banned`
              : `${name}: bans last only ${bantime} s`,
          detail:
            bantime === 0
              ? 'fail2ban counts failures but never bans, because a ban of 0 s would have ended already.'
              : 'A ban this short ends before an attacker notices it.',
          evidence: [`get ${name} bantime: ${bantime}`],
          remedy: 'Set bantime to a duration such as 10m.',
          fix: [{ kind: 'set', scope: 'jail', name, key: 'bantime', value: '10m' }],
        }),
      ]
    }),
  })),

  'world-ignored': defineCheck(
    { needs: ['jails'], wants: ['config', 'ownLog'] },
    ({ seen: { jails, config, ownLog } }) => {
      const verdicts = jails.map((jail) => {
        const files = config?.stream?.jails.find(({ name }) => name === jail.name)
        return findWorld(jail, files, ownLog?.jails.get(jail.name))
      })
      return {
        problems: verdicts.flatMap(({ problems }) => problems),
        cannotTell: verdicts.flatMap(({ unclear }) => (unclear === null ? [] : [unclear])),
      }
    },
  ),

  'ignore-name': defineCheck({ needs: ['jails', 'ownLog'] }, ({ seen: { jails, ownLog }, now }) => {
    const unresolved = jails.flatMap(({ name, ignoreIp }) =>
      ignoreIp.flatMap((entry) => {
        const note = ownLog.notes.find(({ kind, subject }) => kind === 'name-unresolved' && subject === entry)
        if (!note || now - note.lastAt > DAY_MS || parseAddress(entry) !== undefined) return []
        // fail2ban looks up each name before it counts a failure, and would have said so again
        if ((ownLog.jails.get(name)?.foundAt ?? 0) > note.lastAt + NAME_CACHE_MS) return []
        return [{ name, entry, note }]
      }),
    )
    return {
      problems: [...Map.groupBy(unresolved, ({ entry }) => entry)].flatMap(([entry, found]) => {
        const [first, ...others] = found
        if (!first) return []
        const isAlone = others.length === 0
        return [
          problemOf({
            severity: 'warning',
            jail: isAlone ? first.name : null,
            subject: entry,
            title: isAlone
              ? `${first.name}: the name ${entry} on the ignore list does not resolve`
              : `The name ${entry} on the ignore lists of ${found.length} jails does not resolve`,
            detail:
              'fail2ban looks up the name at each failure and finds no address. The address that the name stands for can be banned; a slow lookup delays bans.',
            evidence: first.note.lines,
            remedy: 'Replace the name with an address, or correct it.',
          }),
        ]
      }),
    }
  }),

  'ignorecommand-fails': defineCheck({ needs: ['jails', 'ownLog'] }, ({ seen: { jails, ownLog }, now }) => ({
    problems: jails.flatMap(({ name, ignoreCommand }) => {
      if (ignoreCommand === '') return []
      const log = ownLog.jails.get(name)
      const [program = ''] = ignoreCommand.split(/\s/, 1)
      const note = ownLog.notes.find(({ kind, subject }) => kind === 'program-failed' && subject === program)
      if (note && now - note.lastAt < DAY_MS && note.lastAt >= (log?.startedAt ?? 0))
        return [
          problemOf({
            severity: 'warning',
            jail: name,
            title: `${name}: the ignore command fails`,
            detail:
              'fail2ban cannot run the command that decides which addresses to ignore, so it also bans addresses that should be ignored.',
            evidence: note.lines,
            remedy: 'Correct ignorecommand, or remove it.',
          }),
        ]
      const ignored = log?.ignored.get('command') ?? 0
      if (ignored < MANY_IGNORED || (log?.found ?? 0) > 0) return []
      return [
        problemOf({
          severity: 'critical',
          jail: name,
          subject: 'everybody',
          title: `${name}: the ignore command ignores everybody`,
          detail: `All ${ignored} failures of this jail in fail2ban’s log were ignored because of the command.`,
          remedy: 'Make sure that the command exits with code 0 only for addresses that should be ignored.',
        }),
      ]
    }),
  })),

  'many-failures-no-ban': defineCheck(
    { needs: ['jails'], wants: ['ownLog', 'process'] },
    ({ seen, now }) => ({
      problems: seen.jails.flatMap(
        ({ name, totalFailed, totalBanned, maxretry, findtime, currentlyFailed }) => {
          const log = seen.ownLog?.jails.get(name)
          const since = log?.startedAt ?? seen.process?.startedAt ?? now
          if (totalFailed < MANY_FAILURES || totalBanned > 0 || now - since < DAY_MS) return []
          return [
            problemOf({
              severity: 'warning',
              jail: name,
              title: `${name}: ${totalFailed} failures but no bans`,
              detail: `No address reaches ${maxretry} failures within ${findtime} s. The jail is currently counting failures of ${currentlyFailed === 1 ? '1 address' : `${currentlyFailed} addresses`}; the attack may come from many addresses.`,
              evidence: [
                `status ${name}: Total failed ${totalFailed}, Total banned ${totalBanned}, Currently failed ${currentlyFailed}`,
              ],
              remedy: 'Lower maxretry or raise findtime.',
            }),
          ]
        },
      ),
    }),
  ),

  usedns: defineCheck({ needs: ['jails'], wants: ['ownLog'] }, ({ seen: { jails, ownLog }, now }) => {
    const set = jails.filter(({ usedns }) => usedns === 'yes' || usedns === 'raw')
    const lookups = (ownLog?.notes ?? []).filter(
      ({ kind, lastAt }) => kind === 'dns-used' && now - lastAt < DAY_MS,
    )
    const problems = set.map(({ name, usedns }) =>
      problemOf({
        severity: 'warning',
        jail: name,
        title: usedns === 'raw' ? `${name} bans host names` : `${name} looks up host names`,
        detail:
          usedns === 'raw'
            ? 'Most actions fail when they get a host name instead of an address.'
            : 'Whoever controls the DNS of a name in the log decides which address is banned.',
        evidence: [`get ${name} usedns: ${usedns}`],
        remedy: 'Set usedns = no.',
        fix: [{ kind: 'set', scope: 'jail', name, key: 'usedns', value: 'no' }],
      }),
    )
    const warned =
      set.length > 0 || lookups.length === 0
        ? []
        : [
            problemOf({
              severity: 'warning',
              title: 'fail2ban looks up host names from logs',
              detail: `In the last 24 hours, fail2ban looked up ${lookups.length === 1 ? 'a name' : `${lookups.length} names`} from a log. Whoever controls the DNS of a name decides which address is banned.`,
              evidence: lookups.flatMap(({ lines }) => lines),
              remedy: 'Make the service log addresses instead of names, or set usedns = no.',
            }),
          ]
    return { problems: [...problems, ...warned] }
  }),
} satisfies HealthChecks

/** So long fail2ban keeps what it has looked up (`CACHE_nameToIp` in ipdns.py), with a minute more. */
const NAME_CACHE_MS = 6 * 60_000

/** Shorter prefixes cover so much that attackers are in them. */
const worldPrefix = { 4: 8, 6: 16 } as const
const widePrefix = { 4: 16, 6: 32 } as const
/** fail2ban lists a network of length 0 like the single address. */
const zeroAddresses = new Set(['0.0.0.0', '::'])

interface WorldVerdict {
  readonly problems: readonly HealthProblem[]
  readonly unclear: { readonly jail: string; readonly why: string } | null
}

function findWorld(jail: JailSeen, files: StreamJail | undefined, log: JailLog | undefined): WorldVerdict {
  const networks = jail.ignoreIp.flatMap((entry) => parseAddress(entry) ?? [])
  const problems = networks.flatMap((network) => widthProblem(jail.name, network))
  const zero = networks.find(({ text }) => zeroAddresses.has(text))
  if (!zero) return { problems, unclear: null }
  const inFiles = new Set((files?.ignoreIp ?? []).map((entry) => entry.trim()))
  if (inFiles.has(`${zero.text}/0`) || ignoresStrangers(log, networks))
    return { problems: [...problems, worldProblem(jail.name, `${zero.text}/0`)], unclear: null }
  if (inFiles.has(zero.text)) return { problems, unclear: null }
  const why = `fail2ban lists ${zero.text}, which can mean this one address or all addresses.`
  return { problems, unclear: { jail: jail.name, why } }
}

/** Nothing else on the list covers an address that was ignored because of the list. */
function ignoresStrangers(log: JailLog | undefined, networks: readonly Address[]): boolean {
  const ignored = parseAddress(log?.ignoredAddress ?? '')
  if (!ignored) return false
  return !networks.some((network) => covers(network, ignored))
}

function covers(network: Address, address: Address): boolean {
  if (network.family !== address.family) return false
  return parseAddress(`${address.text}/${network.prefix}`)?.text === network.text
}

function widthProblem(jail: string, { text, family, prefix, kind }: Address): HealthProblem[] {
  if (kind !== 'public' || prefix >= widePrefix[family]) return []
  if (prefix < worldPrefix[family]) return [worldProblem(jail, text)]
  return [
    problemOf({
      severity: 'hint',
      jail,
      subject: text,
      title: `${jail}: the ignore list contains the large network ${text}`,
      detail: 'The jail never bans any address in this network.',
      evidence: [`get ${jail} ignoreip: ${text}`],
      remedy: 'Replace it with the smaller networks that you want to exempt.',
    }),
  ]
}

const worldProblem = (jail: string, text: string) =>
  problemOf({
    severity: 'critical',
    jail,
    subject: text,
    title: `${jail}: the ignore list covers almost everyone (${text})`,
    detail: 'fail2ban counts no failures of addresses in this network, so hardly anybody is ever banned.',
    evidence: [`ignoreip: ${text}`],
    remedy: `Remove ${text} from ignoreip.`,
  })
