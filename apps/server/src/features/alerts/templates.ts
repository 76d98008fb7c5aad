import { counted, formatDuration, showHidden, type RecoveryCause } from '@bangui/shared'
import type { AlertFacts } from './alert-facts.ts'

/** The texts of an incident. The title does not say whether it is resolved. */
export interface AlertTexts {
  readonly title: string
  /** what happened and what to do */
  readonly text: string
  /** what is true once it is resolved */
  readonly resolved: string
}

/** How many characters of a name a text takes. */
const MAX_NAME_LENGTH = 120

const name = (text: string): string => {
  const shown = showHidden(text).replaceAll(/\s+/g, ' ').trim()
  return shown.length > MAX_NAME_LENGTH ? `${shown.slice(0, MAX_NAME_LENGTH)}…` : shown
}

const sentence = (text: string | null): string => {
  const shown = name(text ?? '')
  if (shown === '') return ''
  return /[.!?…]$/.test(shown) ? `${shown} ` : `${shown}. `
}

const window = (seconds: number): string => formatDuration(seconds)

const causes: Readonly<Record<RecoveryCause, string>> = {
  crashed: 'fail2ban crashed shortly after it.',
  not_back: 'fail2ban did not come back after it.',
  load_refused: 'fail2ban refused to load it.',
  jails_missing: 'Jails are not running.',
  not_confirmed: 'Nobody confirmed it in time.',
}

type Template<TKind extends AlertFacts['kind']> = (
  facts: Extract<AlertFacts, { readonly kind: TKind }>,
  host: string,
) => AlertTexts

const templates: { readonly [TKind in AlertFacts['kind']]: Template<TKind> } = {
  daemon_down: ({ offline, reason }, host) => ({
    title: offline ? `fail2ban on ${host} is down` : `fail2ban on ${host} does not answer`,
    text: offline
      ? `${sentence(reason)}fail2ban bans nobody until it is started again. Start it in BanGUI, or with: systemctl start fail2ban`
      : `${sentence(reason)}Bans may be late or missing. Look at the process and its log, and restart fail2ban if it does not recover.`,
    resolved: 'fail2ban answers again.',
  }),
  recovery_pending: ({ cause, change, jails, moreJails }, host) => ({
    title:
      change === null
        ? `fail2ban on ${host} needs your decision`
        : `A change failed on ${host}: ${name(change)}`,
    text: `${causes[cause]} ${missing(jails, moreJails)}Open BanGUI to roll the change back, or dismiss the notice.`,
    resolved: 'The change was rolled back, or somebody dismissed the notice.',
  }),
  jail_missing: ({ jail }, host) => ({
    title: `Jail ${name(jail)} on ${host} is not running`,
    text: 'The configuration enables this jail, but fail2ban does not run it: it bans nobody. Start the jail in BanGUI, or deactivate it if it should not run.',
    resolved: `Jail ${name(jail)} is running again, or is no longer enabled.`,
  }),
  action_failing: ({ jail, action, count, windowSeconds }, host) => ({
    title: `Action ${name(action)} of jail ${name(jail)} fails on ${host}`,
    text: `${counted(count, 'error')} within ${window(windowSeconds)}. Addresses may count as banned without being blocked. Look at fail2ban’s log, and at the page Protection in BanGUI.`,
    resolved: `No further error was logged for ${window(windowSeconds)}.`,
  }),
  health: ({ title, remedy }, host) => ({
    title: `${name(title).replace(/\.$/, '')} (${host})`,
    text: showHidden(remedy).trim() || 'Open the page Protection in BanGUI to see what was found.',
    resolved: 'The check no longer finds this problem, or somebody accepted it.',
  }),
  bans_above: ({ jail, address, count, windowSeconds }, host) => ({
    title: `Many bans on ${host}`,
    text: `${counted(count, 'ban')} within ${window(windowSeconds)}, the last of ${name(address)} in jail ${name(jail)}. Open BanGUI to see where they come from.`,
    resolved: 'The number of bans is below the threshold again.',
  }),
  address_of_interest: ({ watched, address, jail, count, windowSeconds }, host) => ({
    title: `${name(watched)} was banned on ${host}`,
    text: `${name(address)} was banned in jail ${name(jail)}${count > 1 ? ` (${counted(count, 'ban')} within ${window(windowSeconds)})` : ''}. If that is a mistake, unban the address in BanGUI and add it to the allow list.`,
    resolved: `It was not banned again for ${window(windowSeconds)}.`,
  }),
  blocklist: ({ name: list, problem, reason }, host) => ({
    title:
      problem === 'held'
        ? `Blocklist ${name(list)} is held back on ${host}`
        : `Blocklist ${name(list)} cannot be updated on ${host}`,
    text:
      problem === 'held'
        ? `${sentence(reason)}The last good version stays in force until somebody confirms the new version in BanGUI.`
        : `${sentence(reason)}BanGUI has not ended any ban of the list because of this. Check the blocklist in BanGUI.`,
    resolved: 'The list was imported, switched off or removed, or somebody dropped the new version.',
  }),
  sign_in_new: ({ user, address }, host) => ({
    title: `${name(user)} signed in to BanGUI on ${host} from a new place`,
    text: `From ${name(address)}. If you do not recognise this sign-in, end the session and change the password in BanGUI.`,
    resolved: 'There was no further sign-in from a new place.',
  }),
  sign_in_failed: ({ user, address, count, windowSeconds }, host) => ({
    title: `Failed sign-ins to BanGUI on ${host}`,
    text: `${counted(count, 'failed sign-in')} within ${window(windowSeconds)}, the last from ${name(address)} with the user name “${name(user)}”. BanGUI slows such attempts down. If they go on, ban the address.`,
    resolved: 'The number of failed sign-ins is below the threshold again.',
  }),
  config_changed_outside: ({ title, files }, host) => ({
    title: `The configuration on ${host} was changed outside BanGUI`,
    text: `${sentence(title)}${counted(files, 'file')} changed. See what changed in BanGUI, under Configuration, History.`,
    resolved: 'There was no further change outside BanGUI.',
  }),
}

const missing = (jails: readonly string[], more: number): string => {
  if (jails.length === 0) return ''
  const rest = more > 0 ? `, and ${more} more` : ''
  return `Not running: ${jails.map(name).join(', ')}${rest}. `
}

/** Returns the texts of an incident on a host, by what is known about it. */
export function textsOf(facts: AlertFacts, host: string): AlertTexts {
  const template = templates[facts.kind] as Template<AlertFacts['kind']>
  return template(facts, name(host))
}

/** The texts of the message that tries a channel. */
export const testTexts = (host: string): { readonly title: string; readonly text: string } => ({
  title: `Test message from BanGUI on ${name(host)}`,
  text: 'This channel works. This message is only a test.',
})

/** How many titles a message lists that stands for several. */
const MAX_TITLES = 10

/**
 * Returns the text of a message that stands for several, without how many more there are: `more` counts those that it does not
 * name.
 */
export function mergedText(
  text: string,
  others: readonly string[],
): { readonly text: string; readonly more: number } {
  const listed = others.slice(0, MAX_TITLES)
  return {
    text: [text, '', 'Also:', ...listed.map((title) => `- ${title}`)].join('\n'),
    more: others.length - listed.length,
  }
}
