import { fileURLToPath } from 'node:url'
import { untilAborted } from '@bangui/async'
import { startApp } from './app.ts'
import { ConfigError, loadConfig, type Config } from './config.ts'
import type { DemoMode } from './demo/decide-demo.ts'
import { prepareDemo, type PreparedDemo } from './demo/demo.ts'
import { describeStartFailure } from './describe-start-failure.ts'
import type { WrapHost } from './hosts/add-local-host.ts'
import { createLogger, type Logger } from './lib/logger.ts'
import { helpText, parseArguments, type Command } from './parse-arguments.ts'
import { version } from './version.ts'

export interface RunOptions {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean }
  readonly stderr: { write(text: string): unknown }
  /** aborts when the process is asked to end */
  readonly signal: AbortSignal
  readonly wrapHost?: WrapHost
}

/** The built web interface: as far from the sources as from the bundle in dist. */
const webDir = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Runs a command of `bangui` and returns the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const { argv, env, stdout, stderr } = options
  let command: Command
  let config: Config
  try {
    command = parseArguments(argv)
    if (command.name === 'help') stdout.write(helpText)
    if (command.name === 'version') stdout.write(`${version}\n`)
    if (command.name !== 'serve') return 0
    config = loadConfig(env)
  } catch (error) {
    const problems =
      error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)]
    stderr.write(`BanGUI did not start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`)
    return 2
  }
  const log = createLogger({ level: config.logLevel, stream: stdout, pretty: stdout.isTTY ?? false })
  return serve(config, command.demo, { ...options, log })
}

async function serve(
  config: Config,
  demoMode: DemoMode,
  { log, stderr, signal, wrapHost }: RunOptions & { readonly log: Logger },
): Promise<number> {
  let prepared: PreparedDemo | null = null
  try {
    prepared = await prepareDemo(config, demoMode, log)
    const demo = prepared.demo !== null
    const wrapping = wrapHost ? { wrapHost } : {}
    const app = await startApp({ config: prepared.config, demo, webDir, log, signal, ...wrapping })
    const ended = await untilAborted(app.lost, signal).catch(() => 'stopped')
    await app.stop()
    return ended === 'lost' ? 1 : 0
  } catch (error) {
    if (signal.aborted) return 0
    const { message, exitCode } = describeStartFailure(error, log)
    stderr.write(`${message}\n`)
    return exitCode
  } finally {
    await prepared?.demo?.stop()
  }
}
