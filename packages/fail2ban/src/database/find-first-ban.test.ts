import { expect, test } from 'vitest'
import { findFirstBan } from './find-first-ban.ts'
import { createTestDatabase } from './testing/fail2ban-database.ts'

test('the first ban that fail2ban remembers is found, whatever order they stand in', async () => {
  await using file = await createTestDatabase()
  expect(findFirstBan(file.database)).toBeNull()
  file.insert('bans', [
    { ip: '192.0.2.1', timeofban: 7200 },
    { ip: '192.0.2.2', timeofban: 3601 },
    { ip: '192.0.2.3', timeofban: 'never' },
  ])
  expect(findFirstBan(file.database)).toBe(3_601_000)
})
