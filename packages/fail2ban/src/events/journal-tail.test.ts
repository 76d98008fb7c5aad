import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { clocksIn } from '../../test/clocks-in.ts'
import { parseJournalEntry } from './journal-entry.ts'
import { createJournalTail, type JournalCursor, type JournalProcess } from './journal-tail.ts'
import type { LogTail } from './log-tail.ts'
import { createTimestamper } from './timestamp-lines.ts'

const start = Date.UTC(2026, 0, 1) * 1000

/** An entry as journalctl 252 writes it. */
const entry = (number: number, fields: Record<string, unknown>) =>
  `${JSON.stringify({
    __CURSOR: `s=6b2;i=${number.toString(16)};b=51c;m=5d3;t=64f;x=9a1`,
    __REALTIME_TIMESTAMP: String(start + number * 1000),
    __MONOTONIC_TIMESTAMP: '1565000',
    _BOOT_ID: '51c0d0f4b0c54cd2a9a8d7f2ef5c9c8a',
    ...fields,
  })}\n`

const banOf = (number: number) =>
  entry(number, {
    SYSLOG_IDENTIFIER: 'fail2ban',
    LOGGER: 'fail2ban.actions',
    MESSAGE: `[sshd] Ban 203.0.113.${number}`,
  })

/** journalctl as a script: each start gives the next of what it was recorded to write. */
function createJournal(cursor?: JournalCursor) {
  const commands: string[][] = []
  const outputs: PassThrough[] = []
  const ends: ((said: string) => void)[] = []
  let now = start / 1000
  const tail: LogTail = createJournalTail({
    cursor,
    timestamper: createTimestamper({ clocks: clocksIn('UTC0'), clock: () => 0 }),
    onChange: () => undefined,
    clock: () => now,
    spawn(command): JournalProcess {
      const output = new PassThrough()
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      commands.push([...command])
      outputs.push(output)
      ends.push(resolve)
      return { output, ended, kill: () => resolve('') }
    },
  })
  const settled = () => new Promise((resolve) => void setImmediate(resolve))
  return {
    tail,
    commands,
    async write(text: string | Buffer) {
      outputs.at(-1)?.write(text)
      await settled()
    },
    async end(said: string) {
      ends.at(-1)?.(said)
      await settled()
    },
    pass: (milliseconds: number) => void (now += milliseconds),
    isPaused: () => outputs.at(-1)?.isPaused() ?? false,
  }
}

const addressesOf = async (tail: LogTail) =>
  ((await tail.read()) ?? []).map((told) => ('address' in told ? told.address : told.type))

describe('the journal', () => {
  it('is asked for what fail2ban itself wrote, without a shell', async () => {
    const { tail, commands } = createJournal()
    await tail.read()
    expect(commands).toEqual([
      [
        'journalctl',
        '--quiet',
        '--follow',
        '--output=json',
        '--output-fields=MESSAGE,LOGGER,SYSLOG_IDENTIFIER,_PID',
        '--lines=200000',
        '_SYSTEMD_UNIT=fail2ban.service',
        '+',
        '_UID=0',
        '_COMM=fail2ban-server',
      ],
    ])
  })

  it('gives its entries with the moment that they were written', async () => {
    const journal = createJournal()
    expect(await journal.tail.read()).toBeUndefined()
    await journal.write(banOf(1))
    expect(await journal.tail.read()).toEqual([
      { type: 'ban', jail: 'sshd', address: '203.0.113.1', restored: false, at: start / 1000 + 1 },
    ])
    expect(journal.tail.status()).toMatchObject({ kind: 'journal', state: 'following' })
  })

  it('is read on after the entry that was read last', async () => {
    const journal = createJournal()
    await journal.tail.read()
    await journal.write(banOf(1) + banOf(2))
    await journal.tail.read()
    const cursor = journal.tail.cursor()
    expect(cursor).toEqual({ cursor: 's=6b2;i=2;b=51c;m=5d3;t=64f;x=9a1', at: start + 2000 })
    const again = createJournal(JSON.parse(JSON.stringify(cursor)))
    await again.tail.read()
    expect(again.commands[0]).toContain('--cursor=s=6b2;i=2;b=51c;m=5d3;t=64f;x=9a1')
    expect(again.commands[0]).toContain('--no-tail')
    await again.write(banOf(2) + banOf(3))
    expect(await addressesOf(again.tail)).toEqual(['203.0.113.3'])
  })

  it('that has dropped the entry that was read last loses none of those after it', async () => {
    const journal = createJournal({ cursor: 's=6b2;i=2;b=51c;m=5d3;t=64f;x=9a1', at: start + 2000 })
    await journal.tail.read()
    await journal.write(banOf(7) + banOf(8))
    expect(await addressesOf(journal.tail)).toEqual(['203.0.113.7', '203.0.113.8'])
  })

  it('that was moved from memory to the disk repeats nothing', async () => {
    const journal = createJournal({ cursor: 's=0a0;i=9f3;b=51c;m=5d3;t=64f;x=9a1', at: start + 2000 })
    await journal.tail.read()
    await journal.write(banOf(2) + banOf(3))
    expect(await addressesOf(journal.tail)).toEqual(['203.0.113.3'])
  })

  it('is started again, later each time, and says what is wrong until it works', async () => {
    const journal = createJournal()
    await journal.tail.read()
    await journal.end('no journal files were found')
    await journal.tail.read()
    expect(journal.commands).toHaveLength(1)
    journal.pass(200)
    await journal.tail.read()
    expect(journal.commands).toHaveLength(2)
    await journal.end('no journal files were found')
    expect(journal.tail.status()).toMatchObject({
      state: 'unreadable',
      message: expect.stringContaining('no journal files were found'),
    })
    journal.pass(200)
    await journal.tail.read()
    expect(journal.commands).toHaveLength(2)
    journal.pass(800)
    await journal.tail.read()
    await journal.write(banOf(1))
    expect(await addressesOf(journal.tail)).toEqual(['203.0.113.1'])
    expect(journal.tail.status().state).toBe('following')
  })

  it('that no longer takes the cursor is read from its time on, nothing twice', async () => {
    const journal = createJournal({ cursor: 's=1;i=2', at: start + 2000 })
    await journal.tail.read()
    for (const wait of [200, 1000]) {
      await journal.end('Failed to seek to cursor: Invalid argument')
      journal.pass(wait)
      await journal.tail.read()
    }
    expect(journal.commands.at(-1)).toContain(`--since=@${start / 1e6}`)
    await journal.write(banOf(1) + banOf(2) + banOf(3))
    expect(await addressesOf(journal.tail)).toEqual(['203.0.113.3'])
  })

  it('is not read faster than it is taken in', async () => {
    const journal = createJournal()
    await journal.tail.read()
    await journal.write(Array.from({ length: 3000 }, (_, index) => banOf(index)).join(''))
    expect(journal.isPaused()).toBe(true)
    let read = 0
    for (let told = await journal.tail.read(); told !== undefined; told = await journal.tail.read()) {
      expect(told.length).toBeLessThanOrEqual(500)
      read += told.length
    }
    expect(read).toBe(3000)
    expect(journal.isPaused()).toBe(false)
  })

  it('is at its end only when nothing came for a while', async () => {
    const journal = createJournal()
    await journal.tail.read()
    await journal.write(banOf(1))
    await journal.tail.read()
    expect(journal.tail.isSettled(0)).toBe(false)
    journal.pass(250)
    expect(journal.tail.isSettled(0)).toBe(true)
    expect(journal.tail.isSettled(start / 1000 + 200)).toBe(false)
  })
})

describe('an entry', () => {
  it.each([
    ['of fail2ban itself', { LOGGER: 'fail2ban.actions', MESSAGE: '[sshd] Unban 1.2.3.4' }],
    ['from syslog', { SYSLOG_IDENTIFIER: 'fail2ban.actions', MESSAGE: 'NOTICE [sshd] Unban 1.2.3.4' }],
    [
      'from the standard output',
      {
        SYSLOG_IDENTIFIER: 'fail2ban-server',
        MESSAGE: '2026-01-01 00:00:00,000 fail2ban.actions        [7]: NOTICE  [sshd] Unban 1.2.3.4',
      },
    ],
    ['as bytes', { LOGGER: 'fail2ban.actions', MESSAGE: [...Buffer.from('[sshd] Unban 1.2.3.4')] }],
  ])('%s is read', (_, fields) => {
    expect(parseJournalEntry(entry(1, fields))?.fact).toEqual({
      type: 'unban',
      jail: 'sshd',
      address: '1.2.3.4',
    })
  })

  it.each([
    ['has no message', {}],
    ['has one that was too long', { LOGGER: 'fail2ban.actions', MESSAGE: null }],
    ['has numbers that are no bytes', { LOGGER: 'fail2ban.actions', MESSAGE: [1e9] }],
    ['is of another program', { SYSLOG_IDENTIFIER: 'sshd', MESSAGE: '[sshd] Ban 1.2.3.4' }],
  ])('that %s is passed over', (_, fields) => {
    expect(parseJournalEntry(entry(1, fields))).toMatchObject({ fact: undefined })
  })

  it.each(['', '{', '[]', 'null', '{"__CURSOR":"x y","__REALTIME_TIMESTAMP":"1"}', '{"__CURSOR":"s=1"}'])(
    'that is none is ignored: %s',
    (line) => {
      expect(parseJournalEntry(line)).toBeUndefined()
    },
  )
})
