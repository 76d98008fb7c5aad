import type { ServerStatus } from '@bangui/shared'
import { plural } from '../../lib/format.ts'

export type VerbName = 'probe' | 'reload' | 'start' | 'stop' | 'restart'

export type Verb = {
  name: VerbName
  label: string
  /** what will happen */
  text: (status: ServerStatus) => string
  /** shown once it is done */
  done: string
  /** what a confirmation says; absent: none is needed */
  consequence?: (status: ServerStatus) => string
  needs?: 'online' | 'offline'
}

const bansReturn = (status: ServerStatus) =>
  status.currentlyBanned === 0 ? '' : ` Restores ${plural(status.currentlyBanned, 'ban')} afterwards.`

/** The actions on fail2ban as a whole. */
export const verbs: readonly Verb[] = [
  {
    name: 'probe',
    label: 'Check now',
    text: () => 'Reads its state and counts. Changes nothing.',
    done: 'fail2ban was checked',
  },
  {
    name: 'reload',
    label: 'Reload',
    text: () =>
      'Reloads the whole configuration. BanGUI tests it first and does not load a configuration that fail2ban would refuse. Bans are kept.',
    done: 'The configuration is loaded',
    needs: 'online',
  },
  {
    name: 'start',
    label: 'Start',
    text: () => 'Starts fail2ban and waits until its jails are running. Unexpired bans are restored.',
    done: 'fail2ban is running',
    needs: 'offline',
  },
  {
    name: 'restart',
    label: 'Restart',
    text: () => 'Stops fail2ban and starts it again, after testing the configuration.',
    consequence: (status) =>
      `Stops ${plural(status.activeJails, 'jail')} for about 2 seconds. During that time, no addresses are banned and banned addresses can connect.${bansReturn(status)}`,
    done: 'fail2ban was restarted',
    needs: 'online',
  },
  {
    name: 'stop',
    label: 'Stop',
    text: () => 'Stops fail2ban. Nothing is protected until it starts again.',
    consequence: (status) =>
      `Stops ${plural(status.activeJails, 'jail')} and lifts ${plural(status.currentlyBanned, 'ban')} until fail2ban is started again. Bans that have not expired by then are restored.`,
    done: 'fail2ban is stopped',
    needs: 'online',
  },
]

/** Returns why an action is unavailable; undefined: it is available. */
export function unavailableVerb(
  verb: Verb,
  status: ServerStatus,
  activity: string | undefined,
): string | undefined {
  if (verb.name === 'probe') return undefined
  if (activity) return activity
  if (verb.needs === 'online' && !status.online) return 'fail2ban is not running'
  return verb.needs === 'offline' && status.online ? 'fail2ban is running' : undefined
}
