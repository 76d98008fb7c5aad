import { contains, parseAddress, type Address } from '@bangui/shared'
import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'

const HOUR_MS = 3_600_000
/** So many failures of a jail show whose addresses its log has. */
const MIN_FAILURES = 50
const PROXY_SHARE = 0.9
/** Even distances differ by no more than this share. */
const MAX_DEVIATION = 0.1
const MIN_BANS = 4
const SHOWN = 10

/** Whether those who are banned are attackers. */
export const addressChecks = {
  'proxy-banned': defineCheck(
    { needs: ['bans', 'network'], wants: ['ownLog'] },
    ({ seen: { bans, network, ownLog }, history }) => {
      const special = [
        ...network.own.map((address) => [address, 'an address of this machine'] as const),
        ...network.gateways.map((address) => [address, 'the gateway of this machine'] as const),
        ...network.nameServers.map((address) => [address, 'a name server of this machine'] as const),
        ...(history.visitors ?? []).map(
          (address) => [address, 'the address of a person who uses BanGUI'] as const,
        ),
      ].flatMap(([text, what]) => {
        const address = parseAddress(text)
        return address ? [{ address, what }] : []
      })
      const banned = bans.flatMap(({ jail, addresses }) => {
        const set = new Set(addresses)
        const networks = addresses.flatMap((text) => (text.includes('/') ? (parseAddress(text) ?? []) : []))
        return special.flatMap(({ address, what }) => {
          const by = coveringBan(address, set, networks)
          return by === undefined ? [] : [ownProblem(jail, by, { address: address.text, what })]
        })
      })
      const proxies = [...(ownLog?.jails ?? [])].flatMap(([jail, { found, foundBy }]) => {
        const proxy = findProxy(foundBy, found)
        return proxy === undefined ? [] : [proxyProblem(jail, proxy, found)]
      })
      return { problems: [...unique(banned), ...proxies] }
    },
  ),

  'monitor-banned': defineCheck({ needs: ['daemon'] }, ({ history }) => {
    if (history.repeats === null) return unknownHistory
    return {
      problems: history.repeats.flatMap(({ jail, address, at }) => {
        const hours = evenDistance(at)
        if (hours === null) return []
        return [
          problemOf({
            severity: 'hint',
            jail,
            subject: address,
            title: `${jail}: ${address} is banned every ${hours} h, like a monitoring system`,
            detail: `It was banned ${at.length} times at regular intervals. This is rare for attackers, but typical of monitoring systems and of your own devices with an outdated password.`,
            remedy:
              'If the address is yours, correct the password that it uses, or add it to the ignore list.',
          }),
        ]
      }),
    }
  }),

  'returns-at-once': defineCheck({ needs: ['daemon'] }, ({ history }) => {
    if (history.returns === null) return unknownHistory
    return {
      problems: history.returns.flatMap(({ jail, ended, returned }) => {
        if (returned < MIN_RETURNS || returned < ended * RETURN_SHARE) return []
        const share = Math.round((returned / ended) * 100)
        return [
          problemOf({
            severity: 'warning',
            jail,
            title: `${jail}: ${share}% of the banned addresses return when their ban ends`,
            detail: `In the last 7 days, ${returned} of ${ended} bans were followed by another ban of the same address within one ban time.`,
            remedy: 'Enable bantime.increment, so that each further ban lasts longer, or raise bantime.',
            fix: [{ kind: 'set', scope: 'jail', name: jail, key: 'bantime.increment', value: 'true' }],
          }),
        ]
      }),
    }
  }),

  'slow-distributed': defineCheck({ needs: ['jails'] }, ({ seen: { jails }, history }) => {
    const { failures } = history
    if (failures === null) return unknownHistory
    return {
      problems: jails.flatMap(({ name, maxretry }) => {
        const under = failures.filter(
          ({ jail, address, failures: count, banned }) =>
            jail === name && !banned && count < maxretry && parseAddress(address)?.kind === 'public',
        )
        const groups = Map.groupBy(under, ({ address }) => neighbourhoodOf(address))
        const slow = [...groups].filter(([, rows]) =>
          isMany(rows, { addresses: MIN_NEIGHBOURS, failures: maxretry * MIN_NEIGHBOURS }),
        )
        const networks = slow.map(
          ([network, rows]) => `${network}: ${rows.length} addresses, ${sumOf(rows)} failures`,
        )
        const isSpread = isMany(under, { addresses: MIN_SOURCES, failures: maxretry * MIN_NEIGHBOURS })
        if (networks.length === 0 && !isSpread) return []
        return [
          problemOf({
            severity: 'hint',
            jail: name,
            title: `${name}: ${under.length} addresses stay under ${maxretry} failures`,
            detail:
              'In the last 24 hours, they caused many failures together, but none of them enough for a ban.',
            evidence: networks.slice(0, SHOWN),
            remedy: 'Raise findtime, ban the network, or allow sign-in only with keys.',
          }),
        ]
      }),
    }
  }),
} satisfies HealthChecks

const unknownHistory = { cannotTell: [{ jail: null, why: 'BanGUI’s history does not go back far enough.' }] }

const MIN_RETURNS = 10
const RETURN_SHARE = 0.2
const MIN_NEIGHBOURS = 20
const MIN_SOURCES = 100

interface FailureRow {
  readonly failures: number
}

const sumOf = (rows: readonly FailureRow[]): number => rows.reduce((sum, { failures }) => sum + failures, 0)

const isMany = (
  rows: readonly FailureRow[],
  least: { readonly addresses: number; readonly failures: number },
): boolean => rows.length >= least.addresses && sumOf(rows) >= least.failures

/** The /24 of an IPv4 address, the /64 of an IPv6 one. */
function neighbourhoodOf(text: string): string {
  const address = parseAddress(text)
  if (!address) return text
  return parseAddress(`${address.text}/${address.family === 4 ? 24 : 64}`)?.text ?? text
}

function coveringBan(
  address: Address,
  bans: ReadonlySet<string>,
  networks: readonly Address[],
): string | undefined {
  if (bans.has(address.text)) return address.text
  return networks.find((network) => network.family === address.family && contains(network, address))?.text
}

const ownProblem = (
  jail: string,
  ban: string,
  { address, what }: { readonly address: string; readonly what: string },
) =>
  problemOf({
    severity: 'critical',
    jail,
    subject: address,
    title: `${jail} bans ${ban === address ? address : `${address} (with ${ban})`}, ${what}`,
    detail: 'Everybody behind this address is locked out.',
    evidence: [`get ${jail} banip: ${ban}`],
    remedy: 'Unban the address, and add it to the ignore list.',
    action: { kind: 'bans.unban', jail, addresses: [ban] },
  })

const proxyProblem = (jail: string, proxies: readonly string[], found: number) =>
  problemOf({
    severity: 'warning',
    jail,
    subject: 'proxy',
    title: `${jail}: nearly all failures come from ${proxies.join(', ')}`,
    detail: `Of ${found} failures in fail2ban’s log, nearly all have a private address. The service probably logs the address of its reverse proxy, not the client’s; a ban would lock everybody out.`,
    remedy: 'Make the service log the client’s address (real_ip in nginx, mod_remoteip in Apache).',
  })

/** Returns the private addresses from which nearly all failures come; undefined: they come from elsewhere, too. */
function findProxy(foundBy: ReadonlyMap<string, number>, found: number): string[] | undefined {
  if (found < MIN_FAILURES) return undefined
  const isInside = (text: string) => parseAddress(text)?.kind === 'private'
  const inside = [...foundBy]
    .filter(([address]) => isInside(address))
    .toSorted(([, one], [, other]) => other - one)
  const count = inside.reduce((sum, [, times]) => sum + times, 0)
  return count >= found * PROXY_SHARE && inside.length <= 3 ? inside.map(([address]) => address) : undefined
}

/** The same ban may cover an address for two reasons; one is enough. */
const unique = <TProblem extends { readonly jail: string | null; readonly subject: string }>(
  problems: readonly TProblem[],
) => [...new Map(problems.map((problem) => [`${problem.jail}\n${problem.subject}`, problem])).values()]

/** Returns the hours between times that are at even distances; null: they are not. */
function evenDistance(at: readonly number[]): number | null {
  if (at.length < MIN_BANS) return null
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? time))
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  if (mean < HOUR_MS / 4 || gaps.some((gap) => Math.abs(gap - mean) > mean * MAX_DEVIATION)) return null
  return Math.round((mean / HOUR_MS) * 10) / 10
}
