import { stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { runTool } from '../../host/run-tool.ts'
import { toolEnvironment } from '../../tool-environment.ts'
import { UnseenError, type Collector } from './collector.ts'

const DEADLINE_MS = 5000

/** Sees the version of fail2ban-client, if it belongs to the same installation as the daemon. Asked once for each state of the program. */
export const collectClientVersion: Collector<'clientVersion'> = async ({ context, memory, get }) => {
  if ((await get('process')).sameMounts !== true)
    throw new UnseenError(
      'fail2ban runs with other files than BanGUI: the fail2ban-client here may belong to another one.',
    )
  const key = await stateOfProgram(context.client)
  const known = memory.answers.get('clientVersion')
  if (known?.key === key) return known.value as string
  const { output } = await runTool([context.client, '-V'], { deadline: DEADLINE_MS })
  const [, version] = /(\d+\.\d+[\w.]*)/.exec(output) ?? []
  if (version === undefined) throw new UnseenError('fail2ban-client does not say its version.')
  memory.answers.set('clientVersion', { key, value: version })
  return version
}

/** Returns a text that is another one after an upgrade of the program. */
export async function stateOfProgram(program: string): Promise<string> {
  const folders = isAbsolute(program) ? [''] : toolEnvironment.PATH.split(delimiter)
  for (const folder of folders) {
    const found = await stat(join(folder, program)).catch(() => undefined)
    if (found) return `${folder}${program} ${found.ino} ${found.size} ${found.mtimeMs}`
  }
  return ''
}
