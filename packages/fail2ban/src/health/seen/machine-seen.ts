/** A process that runs, as far as checks care. */
export interface ProcessName {
  readonly pid: number
  /** the kernel's name, of at most 15 bytes */
  readonly name: string
  /** it is a fail2ban server, in the same network as BanGUI */
  readonly isServer: boolean
  /** the socket that its command line names; null: none */
  readonly socket: string | null
}

/** The addresses around this machine. */
export interface NetworkSeen {
  /** of its own interfaces */
  readonly own: readonly string[]
  readonly gateways: readonly string[]
  readonly nameServers: readonly string[]
}

/** State of services and of files beside fail2ban. */
export interface SystemSeen {
  /** `ENABLED` of ufw; null: ufw is not installed */
  readonly ufwEnabled: boolean | null
  readonly firewalldRuns: boolean
  /** systemd runs here */
  readonly hasSystemd: boolean
  /** how systemd would start fail2ban: `enabled`, `disabled`, `masked`, …; null: systemd does not run here, or has no such unit */
  readonly unitState: string | null
  /** as `systemctl show` has it: `active`, `failed`, …; null likewise */
  readonly activeState: string | null
  /** there is a journal, and the Python module with which fail2ban reads it */
  readonly canReadJournal: boolean
  /** the clock is in step with others; null: that is not known */
  readonly isClockSynchronised: boolean | null
  /** by how many milliseconds the clock has jumped since the last look; null: this is the first look */
  readonly clockJumpMs: number | null
}
