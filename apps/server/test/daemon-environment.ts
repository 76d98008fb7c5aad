import type { PrivateDaemon } from '@bangui/fail2ban'

/** The environment of a BanGUI that looks after a private daemon. */
export const environmentOf = (
  daemon: PrivateDaemon,
  dataDir = `${daemon.folder}/bangui`,
): Record<string, string> => ({
  BANGUI_DATA_DIR: dataDir,
  BANGUI_FAIL2BAN_SOCKET: daemon.socketPath,
  BANGUI_FAIL2BAN_CONFIG_DIR: daemon.configDir,
  BANGUI_FAIL2BAN_CLIENT: daemon.clientProgram,
  BANGUI_FAIL2BAN_START_COMMAND: JSON.stringify(daemon.startCommand),
})
