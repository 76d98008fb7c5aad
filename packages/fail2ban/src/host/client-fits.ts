import { readVersion } from '../commands.ts'
import { Fail2banUnavailableError, ToolMissingError } from '../errors.ts'
import { deadlines, type LocalHostContext } from './local-host-context.ts'
import { runTool } from './run-tool.ts'

/** From 1.0 on, fail2ban-client sends commands that a daemon before it refuses, in the middle of a load: the jail is lost then (measured). */
const majorOf = (text: string) => Number(/(\d{1,4})\.\d/.exec(text)?.[1] ?? Number.NaN)

/** Returns why the programs that are installed cannot load jails into the daemon that runs, as a sentence; null: they can, as far as is known. */
export async function whyClientUnfit({ connection, client }: LocalHostContext): Promise<string | null> {
  try {
    const daemon = await readVersion(connection, deadlines.read)
    if (!(majorOf(daemon) < 1)) return null
    const { output } = await runTool([client, '-V'], { deadline: deadlines.read })
    const installed = /\d+\.\d+[\w.]*/.exec(output)?.[0] ?? ''
    if (!(majorOf(installed) >= 1)) return null
    return `fail2ban ${daemon} is still running, but ${installed} is installed. The installed fail2ban-client would remove the jails that it loads. Nothing was changed: restart fail2ban first.`
  } catch (error) {
    // without a daemon nothing is loaded, and a missing program is reported where it is needed
    if (error instanceof Fail2banUnavailableError || error instanceof ToolMissingError) return null
    throw error
  }
}
