import { expect, it } from 'vitest'
import { readPosition, startPosition, withLog, writePosition, type EventPosition } from './event-position.ts'

const cursor = { inode: '12', offset: 3, head: { length: 3, hash: 'abc' }, rest: '', skipping: false }
const position: EventPosition = {
  logs: { '/var/log/fail2ban.log': cursor },
  journal: { cursor: 's=1;i=2', at: 5 },
  times: { pid: 7, lastAt: 1_700_000_000_500, seen: { at: 1_700_000_000_000, offset: -18_000_000 } },
  unbans: {
    stopping: true,
    ready: [{ type: 'unban', jail: 'app', address: '1.2.3.4', at: 1 }],
    held: [['web', [[{ type: 'unban', jail: 'web', address: '1.2.3.4', at: 1 }, true]]]],
  },
}

it.each([startPosition, position])('a position comes back as it was', (written) => {
  expect(readPosition(writePosition(written))).toEqual(written)
})

it('a position of a version that knew nothing of clocks is one', () => {
  const { times: _, ...before } = position
  expect(readPosition(JSON.stringify({ version: 1, ...before }))).toEqual({ ...position, times: null })
})

it.each([
  '',
  'null',
  '{}',
  '{"version":2}',
  writePosition(position).replace('"offset":3', '"offset":-1'),
  writePosition(position).replace('"length":3', '"length":1e12'),
  writePosition(position).replace('"stopping":true', '"stopping":1'),
  writePosition(position).replace('"type":"unban"', '"type":7'),
  writePosition(position).replace('"at":5', '"at":"5"'),
  writePosition(position).replace('"offset":-18000000', '"offset":null'),
])('what is no position is none: %s', (text) => {
  expect(readPosition(text)).toBeUndefined()
})

it('keeps the places in the four logs that were read last', () => {
  let logs: EventPosition['logs'] = {}
  for (const path of ['/a', '/b', '/c', '/a', '/d', '/e']) logs = withLog(logs, path, cursor)
  expect(Object.keys(logs)).toEqual(['/c', '/a', '/d', '/e'])
})
