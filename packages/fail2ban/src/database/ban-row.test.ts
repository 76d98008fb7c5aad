import { expect, test } from 'vitest'
import { banData } from './testing/fail2ban-database.ts'
import { parseBanRow, type RawRow } from './ban-row.ts'

const row = (changes: Partial<RawRow> = {}): RawRow => ({
  rowid: 1,
  jail: 'sshd',
  ip: '192.0.2.1',
  timeofban: 1_795_201_200,
  bantime: 600,
  bancount: 2,
  data: banData({ matches: ['one', 'two'], failures: 5, ip4: '192.0.2.1' }),
  ...changes,
})

const linesOf = (matches: unknown) => parseBanRow(row({ data: banData({ matches }) }))?.lines

test('a row of fail2ban is read in full', () => {
  expect(parseBanRow(row())).toEqual({
    jail: 'sshd',
    address: '192.0.2.1',
    bannedAt: 1_795_201_200_000,
    duration: 600,
    times: 2,
    attempts: 5,
    lines: ['one', 'two'],
  })
})

test.each([
  [{ jail: null }],
  [{ jail: 7 }],
  [{ ip: null }],
  [{ ip: Buffer.from('192.0.2.1') }],
  [{ jail: '\u0000' }],
  [{ timeofban: 'yesterday' }],
  [{ timeofban: -1 }],
  [{ timeofban: 1e300 }],
])('a row with %o is no ban', (changes) => {
  expect(parseBanRow(row(changes))).toBeUndefined()
})

test.each([
  ['2001:DB8:0::1', '2001:db8::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.7/24', '192.0.2.0/24'],
  ['evil\u001b[31m\nname', String.raw`"evil\u{1b}[31m\u{a}name"`],
])('the id %j becomes %j', (ip, address) => {
  expect(parseBanRow(row({ ip }))?.address).toBe(address)
})

test.each([
  ['ssh\u202ed\u200b', 'ssh\u202ed\u200b'],
  [' my jail ', ' my jail '],
  ['a\u0000b', 'ab'],
])('the name %j of a jail is the key %j', (jail, key) => {
  expect(parseBanRow(row({ jail }))?.jail).toBe(key)
})

test.each([
  [-1, -1],
  [-2, 0],
  ['600', 0],
  [1e12, 253_402_300_799],
])('a bantime of %o is a duration of %i', (bantime, duration) => {
  expect(parseBanRow(row({ bantime }))?.duration).toBe(duration)
})

test.each([
  [null],
  [''],
  ['not json'],
  [Buffer.from([0xff, 0xfe, 0])],
  [Buffer.from('[]')],
  [Buffer.from('null')],
  [Buffer.from('{"matches": 5, "failures": "many"}')],
  [Buffer.from('{"matches": {"length": 3}, "failures": -1}')],
  [Buffer.from('['.repeat(100_000))],
])('data that is not as fail2ban writes it gives no lines and no attempts', (data) => {
  expect(parseBanRow(row({ data }))).toMatchObject({ attempts: null, lines: [] })
})

test('data that is text instead of a blob is read too', () => {
  expect(parseBanRow(row({ data: '{"matches":["x"],"failures":3}' }))).toMatchObject({
    attempts: 3,
    lines: ['x'],
  })
})

test('a line in three parts is put together, and what is no text is left out', () => {
  expect(linesOf([['Nov 20 ', '2026', ' failed'], 7, null, [1, 'x', {}], {}])).toEqual([
    'Nov 20 2026 failed',
    'x',
  ])
})

test('at most ten lines and 2 KB are kept, without control characters', () => {
  expect(linesOf(Array.from({ length: 30 }, (_, n) => `line ${n}`))).toEqual(
    Array.from({ length: 10 }, (_, n) => `line ${n + 20}`),
  )
  const long = linesOf(['\u001b[2J<b>'.repeat(10_000), 'b'.repeat(10_000)]) ?? []
  expect(long.join('').length).toBeLessThanOrEqual(2000)
  expect(long.join('')).not.toMatch(/\p{Cc}/u)
})

test('two kilobytes are bytes, whatever the alphabet, and the last lines go before the first', () => {
  const lines = linesOf(['a'.repeat(1_500), 'я'.repeat(600), '🦆'.repeat(200)]) ?? []
  expect(Buffer.byteLength(lines.join(''))).toBeLessThanOrEqual(2000)
  expect(lines).toEqual(['я'.repeat(600), '🦆'.repeat(200)])
  expect(linesOf(['🦆'.repeat(501)])).toEqual(['🦆'.repeat(500)])
  const cut = linesOf([`${'б'.repeat(900)}x`, 'ы'.repeat(951)]) ?? []
  expect(cut).toEqual(['б'.repeat(49), 'ы'.repeat(951)])
})
