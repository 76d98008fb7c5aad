import { runTool } from '../host/run-tool.ts'
import { refusalsOf } from './client-messages.ts'
import type { Refusal } from './client-messages.ts'
import type { ConfigFolder } from './stage.ts'
import { CONFIG_TIMEOUT_MS, describeLateTest, tidyOutput } from './tools.ts'
import type { ConfigTools } from './tools.ts'

/** The result of fail2ban's own test of a configuration. */
export interface ConfigTest {
  readonly ok: boolean
  readonly output: string
  /** what fail2ban refuses, by jail; the first missing log file hides further ones */
  readonly refusals: readonly Refusal[]
}

/**
 * Runs `fail2ban-client -t` on a folder; `deadline` in milliseconds. It does not check regexes, times, backends and encodings:
 * see `rehearse`. @throws ToolMissingError
 */
export async function testConfig(
  folder: ConfigFolder,
  tools: ConfigTools,
  deadline = CONFIG_TIMEOUT_MS,
): Promise<ConfigTest> {
  const result = await runTool([tools.client, '-c', folder.path, '-t'], { deadline })
  const output = tidyOutput(result.output, folder)
  if (result.ok) return { ok: true, output, refusals: [] }
  const late = describeLateTest(deadline)
  const found = result.timedOut ? [{ jail: null, reason: late }] : refusalsOf(output)
  const refusals =
    found.length > 0
      ? found
      : [{ jail: null, reason: output || 'fail2ban refuses the configuration and does not say why.' }]
  return { ok: false, output: result.timedOut ? late : output, refusals }
}
