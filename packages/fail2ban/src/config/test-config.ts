import { runTool } from '../host/run-tool.ts'
import type { ConfigFolder } from './stage.ts'
import { tidyOutput } from './tools.ts'
import type { ConfigTools } from './tools.ts'

/** What fail2ban's own test of a configuration said. */
export interface ConfigTest {
  readonly ok: boolean
  readonly output: string
}

/**
 * Runs `fail2ban-client -t` on a folder; `deadline` in milliseconds. It says nothing of regexes, times, backends and encodings:
 * see `rehearse`. @throws ToolMissingError
 */
export async function testConfig(
  folder: ConfigFolder,
  tools: ConfigTools,
  deadline = 10_000,
): Promise<ConfigTest> {
  const result = await runTool([tools.client, '-c', folder.path, '-t'], { deadline })
  const output = tidyOutput(result.output, folder)
  if (result.timedOut)
    return { ok: false, output: `fail2ban's test did not end within ${deadline / 1000} s.\n${output}`.trim() }
  return { ok: result.ok, output }
}
