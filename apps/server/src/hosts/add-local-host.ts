import { join } from 'node:path'
import { createLocalHost, type Fail2banHost } from '@bangui/fail2ban'
import { LOCAL_HOST_ID, LOCAL_HOST_KEY } from '@bangui/shared'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import type { StateStore } from '../state/state-store.ts'
import { createHostContext, type HostIdentity, type ManagedHost } from './create-host-context.ts'

/** Returns which host BanGUI itself runs on. */
export const localHost = ({ nodeName }: Pick<Config, 'nodeName'>): HostIdentity => ({
  id: LOCAL_HOST_ID,
  key: LOCAL_HOST_KEY,
  name: nodeName,
  kind: 'local',
})

/** How the host is reached. @default as it is */
export type WrapHost = (host: Fail2banHost) => Fail2banHost

/** Adds the host that BanGUI runs on, as the environment describes it. */
export function addLocalHost(
  deps: Deps,
  state: StateStore,
  wrapHost: WrapHost = (host) => host,
): ManagedHost {
  const { config, clock } = deps
  const local = createLocalHost({
    socketPath: config.fail2banSocket,
    configDir: config.fail2banConfigDir,
    client: config.fail2banClient,
    startCommand: config.fail2banStartCommand ?? undefined,
    configWrite: config.configWrite,
    readOnly: config.readOnly,
    logDirs: config.logDirs,
    stateDir: join(config.dataDir, 'host'),
    clock,
  })
  const managed = createHostContext(deps, { ...localHost(config), host: wrapHost(local), state })
  deps.hosts.add(managed.context)
  return managed
}
