import type { ConfigFolder } from '../config/stage.ts'
import { runTool } from './run-tool.ts'
import type { HostContext } from './context.ts'

/** One thing that fail2ban refuses. `jail` null: it is not about one jail. */
export interface Finding {
  readonly jail: string | null
  readonly reason: string
}

export async function checkConfig(context: HostContext, folder: ConfigFolder): Promise<Finding[]> {
  const result = await runTool([context.client, '-c', folder.path, '-t'], { deadline: 30_000 })
  return result.ok ? [] : [{ jail: null, reason: result.output.replaceAll(folder.path, folder.configDir) }]
}
