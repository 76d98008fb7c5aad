import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pastLines, writePast } from './past-log.ts'

const until = Date.UTC(2026, 4, 1, 12)

test('the past of a demo is days of bans that are over, small and the same for a seed', () => {
  const text = pastLines({ seed: 7, until })
  expect(text).toBe(pastLines({ seed: 7, until }))
  expect(Buffer.byteLength(text)).toBeLessThan(500_000)
  const lines = text.trimEnd().split('\n')
  expect(lines).toEqual(lines.toSorted((one, other) => (one.slice(0, 23) < other.slice(0, 23) ? -1 : 1)))
  const bans = lines.filter((line) => line.includes('] Ban '))
  expect(bans.length).toBeGreaterThan(300)
  expect(lines.filter((line) => line.includes('] Unban '))).toHaveLength(bans.length)
  expect(new Set(bans.map((line) => line.slice(0, 10))).size).toBeGreaterThanOrEqual(14)
})

test('an existing log is not changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-past-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'fail2ban.log')
  await writePast(path, { seed: 1, until })
  expect(await readFile(path, 'utf8')).toContain('[sshd] Ban ')
  await writeFile(path, 'a line\n')
  await writePast(path, { seed: 1, until })
  expect(await readFile(path, 'utf8')).toBe('a line\n')
})
