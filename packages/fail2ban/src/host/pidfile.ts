import { daemonOption } from '../config/list-jails.ts'
import { readFail2banConfig } from '../config/read-config.ts'

/** Returns the path of the file with the daemon's process id, as configured. @throws ConfigUnreadableError */
export const pidfileOf = async (configDir: string): Promise<string> =>
  daemonOption(await readFail2banConfig(configDir), 'pidfile')
