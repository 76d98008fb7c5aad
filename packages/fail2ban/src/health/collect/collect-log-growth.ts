import type { LogGrowth } from '../seen/files-seen.ts'
import { look } from './collect-log-files.ts'
import { daemonRoot } from './collect-own-log.ts'
import type { Collector } from './collector.ts'

/** Sees how the logs of jails have grown since BanGUI looks at them. */
export const collectLogGrowth: Collector<'logGrowth'> = async (collecting) => {
  const files = await collecting.get('logFiles')
  const root = await daemonRoot(collecting)
  return Promise.all(
    files
      .filter(({ kind }) => kind === 'file')
      .map(async (file): Promise<LogGrowth> => {
        const rotated = await look(root, `${file.path}.1`)
        return {
          path: file.path,
          ...collecting.memory.growth.note(file, collecting.now),
          rotatedWrittenAt: rotated.kind === 'file' ? rotated.modifiedAt : null,
        }
      }),
  )
}
