import { expect, it } from 'vitest'
import { ban, log, unban } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

it('an event keeps its id, and no other ever has it: not after a restart, nor when all before have gone', async () => {
  const { path, writer, sqlite } = await openTempWriter()
  const first = await writer.ingest(log(ban(1), unban(2)))
  expect(first.map(({ seq }) => seq)).toEqual([1, 2])
  const again = await openTempWriter(path)
  const second = await again.writer.ingest(log(ban(3)))
  expect(second.map(({ seq }) => seq)).toEqual([3])
  const limits = { bansBefore: null, linesBefore: 0, eventsBefore: Number.MAX_SAFE_INTEGER, maxEvents: 1 }
  while (!(await again.writer.retain(limits)).done) continue
  const stored = sqlite.prepare('select seq, data from events').all() as { seq: number; data: string }[]
  expect(stored.map(({ seq, data }) => [seq, JSON.parse(data)])).toEqual([[3, second[0]?.event]])
  expect((await again.writer.ingest(log(unban(4)))).map(({ seq }) => seq)).toEqual([4])
})
