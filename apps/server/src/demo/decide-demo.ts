/** How BanGUI was asked to start: `auto` is `npm start`, which may start the demo by itself. */
export type DemoMode = 'always' | 'never' | 'auto'

/** The state of the path of fail2ban's socket: nothing, or something (a socket or not, accessible or not). */
export type SocketPresence = 'missing' | 'present' | 'unreachable'

export interface DemoFacts {
  readonly mode: DemoMode
  /** BANGUI_FAIL2BAN_SOCKET is set */
  readonly socketGiven: boolean
  readonly socket: SocketPresence
  /** the data folder belongs to an installation whose setup is complete */
  readonly setupComplete: boolean
  /** a fail2ban-server runs here that is not a demo's */
  readonly daemonRunning: boolean
  /** fail2ban is installed as a service that starts with the machine */
  readonly serviceEnabled: boolean
}

export interface DemoDecision {
  readonly start: boolean
  /** a sentence for the log */
  readonly because: string
}

/** Returns whether to show a demo: only where it cannot hide a problem of this machine's fail2ban. */
export function decideDemo(facts: DemoFacts): DemoDecision {
  if (facts.mode === 'always') return start('The demo was requested.')
  if (facts.mode === 'never') return stay('No demo was requested.')
  if (facts.socketGiven) return stay('BANGUI_FAIL2BAN_SOCKET names a fail2ban.')
  if (facts.socket === 'present') return stay('There is a fail2ban socket on this machine.')
  if (facts.socket === 'unreachable')
    return stay("This user may not look into the folder of fail2ban's socket.")
  if (facts.setupComplete) return stay('The data folder belongs to a BanGUI that is set up.')
  if (facts.daemonRunning) return stay('A fail2ban-server runs on this machine.')
  if (facts.serviceEnabled) return stay('The fail2ban service of this machine is not running.')
  return start('This machine has no fail2ban to manage.')
}

const start = (because: string): DemoDecision => ({ start: true, because })
const stay = (because: string): DemoDecision => ({ start: false, because })
