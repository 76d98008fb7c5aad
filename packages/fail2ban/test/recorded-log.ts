/**
 * What fail2ban 1.0.2 logged at each of these (jails `app`, `web`, and `short` with a bantime of 2 s that increases); lines of the
 * configuration left out. The flush of the logs is why `restartJail` begins another file.
 */
export const recordedLog = {
  start: `
2026-11-25 12:47:16,855 fail2ban.server         [19162]: INFO    Starting Fail2ban v1.0.2
2026-11-25 12:47:16,898 fail2ban.jail           [19162]: INFO    Jail 'app' started
2026-11-25 12:47:16,898 fail2ban.jail           [19162]: INFO    Jail 'web' started
2026-11-25 12:47:16,899 fail2ban.jail           [19162]: INFO    Jail 'short' started
`,
  ban: `
2026-11-25 12:47:17,245 fail2ban.actions        [19162]: NOTICE  [app] Ban 198.51.100.1
2026-11-25 12:47:17,246 fail2ban.actions        [19162]: NOTICE  [app] Ban 198.51.100.2
2026-11-25 12:47:17,246 fail2ban.actions        [19162]: NOTICE  [app] Ban 2001:db8::1
2026-11-25 12:47:17,290 fail2ban.actions        [19162]: NOTICE  [web] Ban 198.51.100.1
2026-11-25 12:47:17,290 fail2ban.actions        [19162]: NOTICE  [web] Ban 203.0.113.5
`,
  unban: `
2026-11-25 12:47:17,634 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.2
`,
  banAndExpiry: `
2026-11-25 12:47:18,103 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:17
2026-11-25 12:47:18,103 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:17
2026-11-25 12:47:18,103 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:17
2026-11-25 12:47:18,899 fail2ban.actions        [19162]: NOTICE  [short] Ban 203.0.113.77
2026-11-25 12:47:19,099 fail2ban.actions        [19162]: NOTICE  [short] Unban 203.0.113.77
`,
  increase: `
2026-11-25 12:47:24,706 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:24
2026-11-25 12:47:24,706 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:24
2026-11-25 12:47:24,706 fail2ban.filter         [19162]: INFO    [short] Found 203.0.113.77 - 2026-11-25 12:47:24
2026-11-25 12:47:24,707 fail2ban.observer       [19162]: INFO    [short] Found 203.0.113.77, bad - 2026-11-25 12:47:24, 1 # -> 2.0
2026-11-25 12:47:24,707 fail2ban.observer       [19162]: INFO    [short] Found 203.0.113.77, bad - 2026-11-25 12:47:24, 1 # -> 2.0
2026-11-25 12:47:24,707 fail2ban.observer       [19162]: INFO    [short] Found 203.0.113.77, bad - 2026-11-25 12:47:24, 1 # -> 2.0
2026-11-25 12:47:25,102 fail2ban.actions        [19162]: NOTICE  [short] Ban 203.0.113.77
2026-11-25 12:47:25,102 fail2ban.observer       [19162]: INFO    [short] IP 203.0.113.77 is bad: 1 # last 2026-11-25 12:47:17 - incr 2s to 4s
2026-11-25 12:47:25,102 fail2ban.observer       [19162]: NOTICE  [short] Increase Ban 203.0.113.77 (2 # 4s -> 2026-11-25 12:47:28)
`,
  reload: `
2026-11-25 12:47:27,910 fail2ban.server         [19162]: INFO    Reload all jails
2026-11-25 12:47:27,911 fail2ban.server         [19162]: INFO    Reload jail 'app'
2026-11-25 12:47:27,911 fail2ban.server         [19162]: INFO    Reload jail 'web'
2026-11-25 12:47:27,911 fail2ban.server         [19162]: INFO    Reload jail 'short'
2026-11-25 12:47:27,912 fail2ban.server         [19162]: INFO    Jail 'app' reloaded
2026-11-25 12:47:27,912 fail2ban.server         [19162]: INFO    Jail 'web' reloaded
2026-11-25 12:47:27,912 fail2ban.server         [19162]: INFO    Jail 'short' reloaded
2026-11-25 12:47:27,912 fail2ban.server         [19162]: INFO    Reload finished.
`,
  reloadRestart: `
2026-11-25 12:47:28,290 fail2ban.server         [19162]: INFO    Reload jail app
2026-11-25 12:47:28,290 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/app.log'
2026-11-25 12:47:28,303 fail2ban.actions        [19162]: NOTICE  [short] Unban 203.0.113.77
2026-11-25 12:47:28,904 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:28,904 fail2ban.actions        [19162]: NOTICE  [app] Unban 2001:db8::1
2026-11-25 12:47:28,904 fail2ban.jail           [19162]: INFO    Jail 'app' stopped
2026-11-25 12:47:28,910 fail2ban.jail           [19162]: INFO    Jail 'app' started
2026-11-25 12:47:28,910 fail2ban.server         [19162]: INFO    Reload finished.
2026-11-25 12:47:29,109 fail2ban.actions        [19162]: NOTICE  [app] Restore Ban 198.51.100.1
2026-11-25 12:47:29,109 fail2ban.actions        [19162]: NOTICE  [app] Restore Ban 2001:db8::1
`,
  reloadJail: `
2026-11-25 12:47:29,256 fail2ban.server         [19162]: INFO    Reload jail app
2026-11-25 12:47:29,256 fail2ban.server         [19162]: INFO    Reload jail 'app'
2026-11-25 12:47:29,257 fail2ban.server         [19162]: INFO    Jail 'app' reloaded
2026-11-25 12:47:29,257 fail2ban.server         [19162]: INFO    Reload finished.
`,
  reloadUnban: `
2026-11-25 12:47:29,958 fail2ban.server         [19162]: INFO    Reload jail app
2026-11-25 12:47:29,958 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:29,958 fail2ban.actions        [19162]: NOTICE  [app] Unban 2001:db8::1
2026-11-25 12:47:29,958 fail2ban.server         [19162]: INFO    Reload jail 'app'
2026-11-25 12:47:29,959 fail2ban.server         [19162]: INFO    Jail 'app' reloaded
2026-11-25 12:47:29,959 fail2ban.server         [19162]: INFO    Reload finished.
2026-11-25 12:47:30,001 fail2ban.actions        [19162]: NOTICE  [app] Ban 198.51.100.1
2026-11-25 12:47:30,001 fail2ban.actions        [19162]: NOTICE  [app] Ban 198.51.100.2
2026-11-25 12:47:30,001 fail2ban.actions        [19162]: NOTICE  [app] Ban 2001:db8::1
`,
  stopJail: `
2026-11-25 12:47:30,344 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/app.log'
2026-11-25 12:47:31,110 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:31,110 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.2
2026-11-25 12:47:31,110 fail2ban.actions        [19162]: NOTICE  [app] Unban 2001:db8::1
2026-11-25 12:47:31,110 fail2ban.jail           [19162]: INFO    Jail 'app' stopped
`,
  startJail: `
2026-11-25 12:47:31,455 fail2ban.server         [19162]: INFO    Reload jail app
2026-11-25 12:47:31,456 fail2ban.jail           [19162]: INFO    Jail 'app' started
2026-11-25 12:47:31,456 fail2ban.server         [19162]: INFO    Reload finished.
2026-11-25 12:47:31,656 fail2ban.actions        [19162]: NOTICE  [app] Restore Ban 198.51.100.1
2026-11-25 12:47:31,657 fail2ban.actions        [19162]: NOTICE  [app] Restore Ban 198.51.100.2
2026-11-25 12:47:31,657 fail2ban.actions        [19162]: NOTICE  [app] Restore Ban 2001:db8::1
`,
  flush: `
2026-11-25 12:47:31,797 fail2ban.server         [19162]: INFO    rollover performed on /tmp/f2b/fail2ban.log
`,
  restartJail: `
2026-11-25 12:47:32,441 fail2ban.server         [19162]: INFO    Reload jail web
2026-11-25 12:47:32,441 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/web.log'
2026-11-25 12:47:33,104 fail2ban.actions        [19162]: NOTICE  [web] Unban 198.51.100.1
2026-11-25 12:47:33,104 fail2ban.actions        [19162]: NOTICE  [web] Unban 203.0.113.5
2026-11-25 12:47:33,105 fail2ban.jail           [19162]: INFO    Jail 'web' stopped
2026-11-25 12:47:33,106 fail2ban.jail           [19162]: INFO    Jail 'web' started
2026-11-25 12:47:33,106 fail2ban.server         [19162]: INFO    Reload finished.
2026-11-25 12:47:33,306 fail2ban.actions        [19162]: NOTICE  [web] Restore Ban 198.51.100.1
2026-11-25 12:47:33,307 fail2ban.actions        [19162]: NOTICE  [web] Restore Ban 203.0.113.5
`,
  restart: `
2026-11-25 12:47:33,447 fail2ban.server         [19162]: INFO    Shutdown in progress...
2026-11-25 12:47:33,508 fail2ban.server         [19162]: INFO    Stopping all jails
2026-11-25 12:47:33,508 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/short.log'
2026-11-25 12:47:33,508 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/app.log'
2026-11-25 12:47:33,508 fail2ban.filter         [19162]: INFO    Removed logfile: '/tmp/f2b/logs/web.log'
2026-11-25 12:47:33,657 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:33,658 fail2ban.actions        [19162]: NOTICE  [app] Unban 198.51.100.2
2026-11-25 12:47:33,658 fail2ban.actions        [19162]: NOTICE  [app] Unban 2001:db8::1
2026-11-25 12:47:33,907 fail2ban.actions        [19162]: NOTICE  [web] Unban 198.51.100.1
2026-11-25 12:47:33,907 fail2ban.actions        [19162]: NOTICE  [web] Unban 203.0.113.5
2026-11-25 12:47:34,306 fail2ban.jail           [19162]: INFO    Jail 'short' stopped
2026-11-25 12:47:34,306 fail2ban.jail           [19162]: INFO    Jail 'app' stopped
2026-11-25 12:47:34,306 fail2ban.jail           [19162]: INFO    Jail 'web' stopped
2026-11-25 12:47:34,306 fail2ban.server         [19162]: INFO    Exiting Fail2ban
2026-11-25 12:47:34,349 fail2ban.server         [19422]: INFO    Starting Fail2ban v1.0.2
2026-11-25 12:47:34,405 fail2ban.jail           [19422]: INFO    Jail 'app' started
2026-11-25 12:47:34,406 fail2ban.jail           [19422]: INFO    Jail 'web' started
2026-11-25 12:47:34,406 fail2ban.jail           [19422]: INFO    Jail 'short' started
2026-11-25 12:47:34,603 fail2ban.actions        [19422]: NOTICE  [app] Restore Ban 198.51.100.1
2026-11-25 12:47:34,603 fail2ban.actions        [19422]: NOTICE  [app] Restore Ban 198.51.100.2
2026-11-25 12:47:34,603 fail2ban.actions        [19422]: NOTICE  [app] Restore Ban 2001:db8::1
2026-11-25 12:47:34,606 fail2ban.actions        [19422]: NOTICE  [web] Restore Ban 198.51.100.1
2026-11-25 12:47:34,606 fail2ban.actions        [19422]: NOTICE  [web] Restore Ban 203.0.113.5
`,
  unbanAll: `
2026-11-25 12:47:35,753 fail2ban.actions        [19422]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:35,753 fail2ban.actions        [19422]: NOTICE  [app] Unban 198.51.100.2
2026-11-25 12:47:35,753 fail2ban.actions        [19422]: NOTICE  [app] Unban 2001:db8::1
2026-11-25 12:47:35,753 fail2ban.actions        [19422]: NOTICE  [web] Unban 198.51.100.1
2026-11-25 12:47:35,753 fail2ban.actions        [19422]: NOTICE  [web] Unban 203.0.113.5
2026-11-25 12:47:35,795 fail2ban.actions        [19422]: NOTICE  [app] Ban 198.51.100.1
`,
  failedCommand: `
2026-11-25 12:47:36,139 fail2ban.transmitter    [19422]: ERROR   Command ['set', 'app', 'nosuch', '<b>'] has failed. Received Exception("Invalid command 'nosuch' (no set action or not yet implemented)")
`,
  stop: `
2026-11-25 12:47:36,485 fail2ban.server         [19422]: INFO    Shutdown in progress...
2026-11-25 12:47:36,546 fail2ban.server         [19422]: INFO    Stopping all jails
2026-11-25 12:47:36,546 fail2ban.filter         [19422]: INFO    Removed logfile: '/tmp/f2b/logs/app.log'
2026-11-25 12:47:36,546 fail2ban.filter         [19422]: INFO    Removed logfile: '/tmp/f2b/logs/web.log'
2026-11-25 12:47:36,546 fail2ban.filter         [19422]: INFO    Removed logfile: '/tmp/f2b/logs/short.log'
2026-11-25 12:47:36,604 fail2ban.actions        [19422]: NOTICE  [app] Unban 198.51.100.1
2026-11-25 12:47:36,605 fail2ban.jail           [19422]: INFO    Jail 'app' stopped
2026-11-25 12:47:36,607 fail2ban.jail           [19422]: INFO    Jail 'web' stopped
2026-11-25 12:47:36,607 fail2ban.jail           [19422]: INFO    Jail 'short' stopped
2026-11-25 12:47:36,607 fail2ban.server         [19422]: INFO    Exiting Fail2ban
`,
} as const

export type RecordedPart = keyof typeof recordedLog

/** The lines of recorded parts, in order. */
export const recordedLines = (...parts: RecordedPart[]): string[] =>
  parts.flatMap((part) => recordedLog[part].split('\n').filter((line) => line !== ''))
