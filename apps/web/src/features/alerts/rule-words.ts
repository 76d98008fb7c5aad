import { type AlertRuleSettings, alertRuleKinds, type ListedAlertChannel, showHidden } from '@bangui/shared'
import { formatList, formatNumber, formatSpan, plural } from '../../lib/format.ts'

const SHOWN_NAMES = 3

/** Returns what opens an incident of a rule, with its numbers, as a sentence. */
export function describeCondition(rule: AlertRuleSettings): string {
  const { counts } = alertRuleKinds[rule.kind]
  const about = [
    namesOf(rule.jails, 'jail'),
    namesOf(rule.hosts, 'host'),
    namesOf(rule.addresses, 'address', 'addresses'),
  ]
  const where = about.filter((text) => text !== '')
  const ending = where.length === 0 ? '' : `; only for ${where.join(', ')}`
  if (counts) {
    const times = rule.threshold === 1 ? 'Once' : `${formatNumber(rule.threshold)} times`
    return `${times} within ${formatSpan(rule.windowSeconds)}${ending}.`
  }
  if (rule.failAfterSeconds === 0) return `At once${ending}.`
  return `When the problem lasts ${formatSpan(rule.failAfterSeconds)}${ending}.`
}

function namesOf(names: readonly string[], one: string, many = `${one}s`): string {
  if (names.length === 0) return ''
  if (names.length > SHOWN_NAMES) return plural(names.length, one, many)
  return `${names.length === 1 ? one : many} ${formatList(names.map(showHidden))}`
}

/** Returns which channels get a message, as a sentence. */
export function describeRecipients(rule: AlertRuleSettings, channels: readonly ListedAlertChannel[]): string {
  const names = rule.channels.flatMap((id) => {
    const channel = channels.find((known) => known.id === id)
    return channel ? [showHidden(channel.name)] : []
  })
  if (names.length === 0) return 'Shown here only: no channel is chosen.'
  const reminders = rule.remindMinutes === null ? '' : `, again every ${formatSpan(rule.remindMinutes * 60)}`
  return `Sent to ${formatList(names)}${reminders}${rule.sendResolved ? ', and when it is resolved' : ''}.`
}
