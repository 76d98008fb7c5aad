import type { PrivateDaemon } from '@bangui/fail2ban'

/** What a jail bans, as the daemon itself says it. */
export const bannedIn = async (daemon: PrivateDaemon, jail: string): Promise<string[]> =>
  String(await daemon.ask('get', jail, 'banip'))
    .split(',')
    .filter(Boolean)
