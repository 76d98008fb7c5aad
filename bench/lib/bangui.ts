import { fileURLToPath } from 'node:url'
import { startProgram, type Program } from './program.ts'

/** The server as it is built and shipped. */
export const serverBundle = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url))

/** A bare Node HTTP server. */
export const bareServer = fileURLToPath(new URL('../programs/bare-server.mjs', import.meta.url))

/** The flags of Node.js that BanGUI is started with. */
export const serverFlags = ['--max-semi-space-size=2', '--optimize-for-size']
/** The environment that it is started with. */
export const serverEnvironment = { MALLOC_ARENA_MAX: '1' }

/** A built BanGUI in a process of its own, whose start has only begun. */
export const launchBangui = (env: Readonly<Record<string, string>>): Program =>
  startProgram({
    args: [...serverFlags, serverBundle, 'serve'],
    env: { BANGUI_PORT: '0', ...serverEnvironment, ...env },
  })

/** The address that BanGUI listens on, as soon as it does. */
export const listening = async (bangui: Program): Promise<string> =>
  String((await bangui.line('listening'))['url'])
