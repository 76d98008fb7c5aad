import type { AppStateStore } from '../../state/app-state.ts'
import type { Archive, Database } from '@bangui/db'
import type { Config } from '../../config.ts'
import type { Hosts } from '../../hosts/hosts.ts'
import type { Logger } from '../../lib/logger.ts'
import type { SignInLog } from '../auth/sign-in-log.ts'

/** What the alerts are built on. */
export interface AlertsDeps {
  readonly config: Config
  readonly log: Logger
  readonly clock: () => number
  readonly database: Database
  readonly archive: Archive
  readonly hosts: Hosts
  readonly signInLog: SignInLog
  readonly appState: AppStateStore
}
