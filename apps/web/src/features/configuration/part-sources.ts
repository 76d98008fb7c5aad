import type { RouterOutputs } from '@bangui/server/router'

type Config = RouterOutputs['config']

/** What there is on the machine, as far as it is known. */
export interface PartSources {
  readonly jails: Config['jails'] | undefined
  readonly filters: Config['filters'] | undefined
  readonly actions: Config['actions'] | undefined
  readonly configDir: string | undefined
  /** what `BANGUI_CONFIG_WRITE` allows on the host */
  readonly write: Config['files']['write'] | undefined
}
