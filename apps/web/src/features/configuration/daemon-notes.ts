/** Returns what depends on a value of fail2ban itself, as a sentence; undefined: nothing that has to be said. */
export function daemonNote(key: string, value: string): string | undefined {
  const word = value.trim().toUpperCase()
  if (key === 'loglevel') return levelNote(word)
  if (key === 'dbfile' && (word === 'NONE' || word === ':MEMORY:'))
    return 'Without a database on disk, fail2ban forgets all bans when it stops, and longer bans for repeat offenders start again.'
  if (key === 'logtarget' && ['STDOUT', 'STDERR', 'SYSOUT'].includes(word))
    return 'fail2ban does not write its log to a file: BanGUI sees bans late, in fail2ban’s database, and sees no failures.'
  if (key === 'dbmaxmatches' && /^0+$/.test(word)) return 'fail2ban keeps no log lines of its bans.'
  return undefined
}

/** fail2ban logs bans as notices, and failures as information. */
function levelNote(level: string): string | undefined {
  if (['CRITICAL', 'ERROR', 'WARNING'].includes(level))
    return 'At this level, fail2ban does not log bans: BanGUI sees them late, in fail2ban’s database, and recidive never bans.'
  return level === 'NOTICE' ? 'At this level, fail2ban does not log failures: BanGUI shows none.' : undefined
}

/** Why BanGUI never changes an option. */
export const neverReasons: Readonly<Record<string, string>> = {
  socket: 'fail2ban deletes the file at this path when it starts.',
  pidfile: 'fail2ban overwrites the file at this path when it starts.',
}
