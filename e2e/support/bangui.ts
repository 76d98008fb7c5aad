import { fileURLToPath } from 'node:url'
import { startBangui, type BanguiOptions, type BanguiProcess } from '../../apps/server/test/bangui-process.ts'

export type { BanguiProcess } from '../../apps/server/test/bangui-process.ts'

export const administrator = { username: 'admin', password: 'correct horse battery' }

/** The environment of a first start without setup: it creates {@link administrator}. */
export const unattended = {
  BANGUI_ADMIN_USERNAME: administrator.username,
  BANGUI_ADMIN_PASSWORD: administrator.password,
}

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** Starts the built server as it is shipped, and waits until it listens. */
export const startBuilt = (
  env: Record<string, string>,
  options: Omit<BanguiOptions, 'program'> = {},
): Promise<BanguiProcess> =>
  startBangui(env, {
    ...options,
    program: [pathOf('node_modules/node/bin/node'), pathOf('apps/server/dist/main.js')],
  })
