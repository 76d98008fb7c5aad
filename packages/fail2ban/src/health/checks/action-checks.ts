import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
import { programsOf } from '../firewall/action-programs.ts'
import type { ActionSeen } from '../seen/daemon-seen.ts'
import type { ActionFailure } from '../seen/own-log-seen.ts'
import { blocksItself } from '../action-kinds.ts'
import { explainReason } from '../action-reasons.ts'

const DAY_MS = 24 * 3_600_000
/** An error of a ban is logged within this time after its line. */
const ERROR_AFTER_BAN_MS = 5000

/** Whether the commands of actions succeed. */
export const actionChecks = {
  'action-fails': defineCheck(
    { needs: ['ownLog', 'daemon'], wants: ['actions'] },
    ({ seen: { ownLog, daemon, actions }, now }) => {
      const listed = new Set(daemon.jails)
      const open = ownLog.failures.filter((failure) => {
        const log = ownLog.jails.get(failure.jail)
        const isRecent = now - failure.lastAt < DAY_MS && failure.lastAt >= (log?.startedAt ?? 0)
        // a later ban went well: no error followed its line
        const bannedAt = log?.bannedAt ?? 0
        const isOver =
          bannedAt > failure.lastAt && now - bannedAt > ERROR_AFTER_BAN_MS && failure.verb !== 'unban'
        return listed.has(failure.jail) && isRecent && !isOver
      })
      return {
        problems: open.map((failure) => {
          const seen = actions
            ?.find(({ jail }) => jail === failure.jail)
            ?.actions.find(({ name }) => name === failure.action)
          return failureProblem(failure, seen === undefined || blocksItself(seen))
        }),
      }
    },
  ),

  'binary-missing': defineCheck({ needs: ['actions', 'tools'] }, ({ seen: { actions, tools } }) => {
    const missing = new Set(tools.filter(({ path }) => path === null).map(({ program }) => program))
    return {
      problems: actions.flatMap(({ jail, actions: own }) =>
        own.flatMap((action) => {
          const lacks = programsOf(action).filter((program) => missing.has(program))
          return lacks.length === 0 ? [] : [missingProblem(jail, action, lacks)]
        }),
      ),
    }
  }),

  'blocks-nothing': defineCheck({ needs: ['actions'] }, ({ seen: { actions } }) => ({
    problems: actions.flatMap(({ jail, actions: own }) => {
      if (own.some(blocksItself)) return []
      const names = own.map(({ name }) => name).join(', ')
      return [
        problemOf({
          severity: 'hint',
          jail,
          title: `${jail} blocks nobody`,
          detail:
            own.length === 0
              ? 'The jail has no action: it counts addresses as banned, but they can still connect.'
              : `Its actions (${names}) report or record bans, but do not block addresses in a firewall that BanGUI knows.`,
          remedy: 'Unless this is intended, add an action that blocks addresses, such as nftables.',
        }),
      ]
    }),
  })),

  'mail-blocks-bans': defineCheck(
    { needs: ['actions', 'ownLog', 'jails'] },
    ({ seen: { actions, ownLog, jails } }) => ({
      problems: actions.flatMap(({ jail, actions: own }) => {
        const slow = own.filter((action) => !blocksItself(action))
        const log = ownLog.jails.get(jail)
        const maxretry = jails.find(({ name }) => name === jail)?.maxretry ?? 1
        if (slow.length === 0 || own.length < 2 || !log) return []
        const seconds = evenGap(log.bans)
        if (
          seconds === null ||
          log.failures.length < 2 ||
          rateOf(log.failures) < 2 * maxretry * rateOf(log.bans)
        )
          return []
        return [
          problemOf({
            severity: 'warning',
            jail,
            title: `${jail} bans only one address every ${Math.round(seconds)} s`,
            detail: `Its actions run one after the other, and ${slow.map(({ name }) => name).join(', ')} seems to take that long for each ban, while failures arrive faster.`,
            remedy:
              'Make the reporting action put its work into a queue and return at once, or remove the action.',
          }),
        ]
      }),
    }),
  ),
} satisfies HealthChecks

/** Programs without which an IPv4 ban works all the same. */
const forIpv6 = new Set(['ip6tables'])

function missingProblem(jail: string, action: ActionSeen, programs: readonly string[]) {
  const isBlocking = blocksItself(action)
  const isIpv6Only = programs.every((program) => forIpv6.has(program))
  const names = programs.join(', ')
  const isIptables = programs.includes('iptables')
  return problemOf({
    severity: isBlocking && !isIpv6Only ? 'critical' : 'warning',
    jail,
    subject: action.name,
    title: `${jail}: ${names} ${programs.length === 1 ? 'is' : 'are'} not installed, but the action ${action.name} needs ${programs.length === 1 ? 'it' : 'them'}`,
    detail: isIpv6Only
      ? 'Bans of IPv6 addresses will fail.'
      : isBlocking
        ? 'The jail will count addresses as banned but block nobody.'
        : 'Its reports will not arrive.',
    evidence: programs.map((program) => `${program}: not found in fail2ban’s PATH`),
    remedy: isIptables
      ? 'Install iptables, or set banaction = nftables and banaction_allports = nftables[type=allports] in [DEFAULT]. Then restart fail2ban.'
      : `Install ${names}, or choose another action. Then restart the jail.`,
    fix: isIptables
      ? [
          { kind: 'set', scope: 'default', key: 'banaction', value: 'nftables' },
          { kind: 'set', scope: 'default', key: 'banaction_allports', value: 'nftables[type=allports]' },
        ]
      : null,
  })
}

const MIN_BANS = 8
const MIN_GAP_SECONDS = 5
const MAX_GAP_SECONDS = 130
/** So much may the gaps differ, as a share of their mean. */
const MAX_DEVIATION = 0.25

/** Returns the seconds between bans that follow each other at even distances; null: they do not. */
function evenGap(times: readonly number[]): number | null {
  if (times.length < MIN_BANS) return null
  const gaps = times.slice(1).map((at, index) => (at - (times[index] ?? at)) / 1000)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const isEven = gaps.every((gap) => Math.abs(gap - mean) <= mean * MAX_DEVIATION)
  return isEven && mean >= MIN_GAP_SECONDS && mean <= MAX_GAP_SECONDS ? mean : null
}

/** Returns how many there are in a millisecond. */
function rateOf(times: readonly number[]): number {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  return last > first ? times.length / (last - first) : Number.POSITIVE_INFINITY
}

function failureProblem(failure: ActionFailure, isBlocking: boolean) {
  const { jail, action, verb, count, reason, lines } = failure
  const { what, remedy } = explainReason(reason)
  const isUnban = verb === 'unban'
  const effect = isUnban
    ? 'Unbanned addresses stay blocked.'
    : isBlocking
      ? 'fail2ban lists the addresses as banned, but they are not blocked.'
      : 'Its reports do not arrive; the bans themselves are not affected.'
  return problemOf({
    severity: isBlocking && !isUnban ? 'critical' : 'warning',
    jail,
    subject: `${action} ${verb}`,
    title: `${jail}: the action ${action} fails${what === null ? '' : `: ${what}`}`,
    detail: `The command failed ${count === 1 ? 'once' : `${count} times`} ${isUnban ? 'during an unban' : verb === 'start' ? 'when the action started' : 'during a ban'}. ${effect}`,
    evidence: lines,
    remedy,
  })
}
