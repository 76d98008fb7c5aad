import { defineCheck, type HealthChecks } from '../health-check.ts'
import { problemOf } from '../problem.ts'
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
} satisfies HealthChecks

function failureProblem(failure: ActionFailure, isBlocking: boolean) {
  const { jail, action, verb, count, reason, lines } = failure
  const { what, remedy } = explainReason(reason)
  const isUnban = verb === 'unban'
  const effect = isUnban
    ? 'Addresses that are unbanned stay blocked.'
    : isBlocking
      ? 'fail2ban lists the addresses as banned, but they are not blocked.'
      : 'What the action reports does not arrive; bans themselves are not affected.'
  return problemOf({
    severity: isBlocking && !isUnban ? 'critical' : 'warning',
    jail,
    subject: `${action} ${verb}`,
    title: `${jail}: the action ${action} fails${what === null ? '' : `: ${what}`}`,
    detail: `The command failed ${count === 1 ? 'once' : `${count} times`} ${isUnban ? 'at an unban' : verb === 'start' ? 'at its start' : 'at a ban'}. ${effect}`,
    evidence: lines,
    remedy,
  })
}
