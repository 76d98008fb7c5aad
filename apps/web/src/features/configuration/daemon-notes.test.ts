import { describe, expect, it } from 'vitest'
import { daemonNote } from './daemon-notes.ts'

describe('what depends on a value of fail2ban itself', () => {
  it.each<[string, string, RegExp | undefined]>([
    ['loglevel', 'error', /does not log bans/],
    ['loglevel', 'NOTICE', /does not log failures/],
    ['loglevel', 'INFO', undefined],
    ['loglevel', 'DEBUG', undefined],
    ['dbfile', 'None', /forgets all bans/],
    ['dbfile', ':memory:', /forgets all bans/],
    ['dbfile', '/var/lib/fail2ban/fail2ban.sqlite3', undefined],
    ['logtarget', 'STDERR', /not write its log to a file/],
    ['logtarget', '/var/log/fail2ban.log', undefined],
    ['dbmaxmatches', '0', /no log lines/],
    ['dbmaxmatches', '10', undefined],
    ['socket', 'None', undefined],
  ])('%s = %s', (key, value, note) => {
    const found = daemonNote(key, value)
    if (note === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(note)
  })
})
