import type { Deliver } from './attackers.ts'

/** The fail2ban that a demo shows. */
export interface DemoDaemon {
  readonly kind: 'real' | 'simulated'
  readonly socketPath: string
  readonly configDir: string
  readonly client: string
  readonly startCommand: readonly string[]
  readonly deliver: Deliver
  /** Ends it; nothing of it is left running. */
  stop(): Promise<void>
}
