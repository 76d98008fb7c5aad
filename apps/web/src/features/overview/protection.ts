import {
  type HealthSummary,
  type Jail,
  type RuntimeSnapshot,
  type ServerStatus,
  showHidden,
} from '@bangui/shared'
import { formatNumber, plural } from '../../lib/format.ts'
import { describeCounts, toneOfCounts } from '../../lib/health-counts.ts'
import { describeJail, needsAttention } from '../../lib/jail-state.ts'
import type { Tone } from '../../ui/tone.ts'

export type Protection = {
  tone: Tone
  sentence: string
  /** what it means or what to do, in a few words */
  hint: string
  /** the jails that it is about */
  href: string
}

const allJails = '/jails'
const attention = '/jails?filter=attention'
const checks = '/protection'

/** Returns whether everything that should be protected is protected, as the checks and the jails show; undefined until known. */
export function describeProtection(
  runtime: RuntimeSnapshot | undefined,
  jails: readonly Jail[] | undefined,
): Protection | undefined {
  const status = runtime?.serverStatus
  if (!status || !jails || (status.checkedAt === null && !status.online)) return undefined
  const enabled = jails.filter((jail) => jail.enabled || jail.running)
  if (isGone(status))
    return {
      tone: 'danger',
      sentence: 'Nobody is being banned',
      hint: 'fail2ban is not running',
      href: allJails,
    }
  // a daemon that does not answer or is closed to BanGUI may still be banning
  if (!status.online || (!status.responding && status.activity === null))
    return { tone: 'warning', sentence: 'Not known', hint: 'BanGUI cannot see fail2ban', href: allJails }
  if (enabled.length === 0)
    return {
      tone: 'warning',
      sentence: 'No jail is enabled',
      hint: 'Nothing is protected yet',
      href: '/jails?filter=off',
    }
  const jailTrouble = describeTrouble(enabled)
  const found = describeFindings(runtime.health)
  // a jail that does not run is known before the checks have confirmed it
  if (jailTrouble && (!found || (jailTrouble.tone === 'danger' && found.tone !== 'danger')))
    return jailTrouble
  if (found) return found
  const logless = enabled.filter((jail) => describeJail(jail, true).kind === 'logless')
  const running = enabled.length - logless.length
  const all =
    enabled.length === 1 ? 'The enabled jail is running' : `All ${enabled.length} enabled jails are running`
  const sentence =
    logless.length === 0
      ? all
      : `${running} of ${plural(enabled.length, 'enabled jail')} ${running === 1 ? 'is' : 'are'} running`
  if (runtime.configNotices.some(({ kind }) => kind === 'refused'))
    return { tone: 'warning', sentence, hint: 'fail2ban would not start again', href: allJails }
  if (logless.length > 0)
    return { tone: 'ok', sentence, hint: `No log yet: ${namesOf(logless)}`, href: allJails }
  return { tone: 'ok', sentence, hint: describeNothing(runtime.health), href: checks }
}

/** Returns the jails that do not work as they should; undefined: all do. */
function describeTrouble(enabled: readonly Jail[]): Protection | undefined {
  const troubled = enabled.filter((jail) => needsAttention(jail, true))
  if (troubled.length === 0) return undefined
  const words = `${troubled.length} of ${plural(enabled.length, 'jail')} ${troubled.length === 1 ? 'needs' : 'need'} attention`
  const isMinor = troubled.every((jail) => describeJail(jail, true).tone === 'warning')
  return { tone: isMinor ? 'warning' : 'danger', sentence: words, hint: namesOf(troubled), href: attention }
}

/** Returns what the checks of the protection found; undefined: nothing but hints. */
function describeFindings(health: HealthSummary): Protection | undefined {
  if (health.critical === 0 && health.warning === 0) return undefined
  return {
    tone: toneOfCounts(health),
    sentence: describeCounts({ ...health, hint: 0 }),
    hint: showHidden(health.worst ?? ''),
    href: checks,
  }
}

/** Returns how sure it is that nothing is wrong. */
function describeNothing({ complete, hint, cannotTell, accepted }: HealthSummary): string {
  if (!complete) return 'Not checked yet'
  const rest = [
    accepted > 0 && `${formatNumber(accepted)} accepted`,
    hint > 0 && plural(hint, 'hint'),
    cannotTell > 0 && `${plural(cannotTell, 'check')} cannot tell`,
  ].filter((words) => words !== false)
  return [accepted > 0 ? 'No other problem found' : 'No problem found', ...rest].join(', ')
}

/** Returns whether fail2ban is known to be down. */
export const isGone = ({ online, reason }: ServerStatus) =>
  !online && (reason === null || reason === 'socket_missing' || reason === 'refused')

function namesOf(jails: readonly Jail[]): string {
  const [first, second, ...rest] = jails.map((jail) => showHidden(jail.name))
  if (rest.length > 0) return `${first}, ${second} and ${rest.length} more`
  return second === undefined ? (first ?? '') : `${first} and ${second}`
}
