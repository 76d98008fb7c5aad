/** Changes the command that starts fail2ban. */
export type StartedAs = (command: readonly string[]) => readonly string[]

/** fail2ban with a variable TZ. */
export const withZone =
  (zone: string): StartedAs =>
  (command) => ['/usr/bin/env', `TZ=${zone}`, ...command]

/** As in a container whose `/etc/localtime` is mounted: only this fail2ban sees it. Needs root. */
export const withMountedZone =
  (zone: string): StartedAs =>
  (command) => [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount --bind /usr/share/zoneinfo/${zone} /etc/localtime && exec "$@"`,
    'sh',
    ...command,
  ]

/** Whether this user can start programs in namespaces of their own. */
export const canIsolate = process.getuid?.() === 0
