import { expect, test } from 'vitest'
import { createPacker, unpackAddresses } from './packed-addresses.ts'

test('addresses and networks of both families come out as they went in, canonical', () => {
  const { add, pack } = createPacker(10_000)
  const given = ['192.0.2.1', '2001:DB8:0::1', '10.0.0.0/8', '::ffff:1.2.3.4']
  for (const [index, address] of given.entries()) add(address, index + 1)
  for (let n = 0; n < 5_000; n++) add(`2001:db8::${n.toString(16)}:1`, 1)
  const all = [...unpackAddresses(pack())]
  expect(all).toHaveLength(5_004)
  expect(all.slice(0, 4)).toEqual([
    { address: '192.0.2.1', bans: 1 },
    { address: '2001:db8::1', bans: 2 },
    { address: '10.0.0.0/8', bans: 3 },
    { address: '1.2.3.4', bans: 4 },
  ])
})

test('what is no address, and what has no room, is counted without its name', () => {
  const { add, pack } = createPacker(2)
  for (const address of ['x.example', '192.0.2.1', '192.0.2.2', '192.0.2.3', '']) add(address, 10)
  const packed = pack()
  expect([...unpackAddresses(packed)]).toHaveLength(2)
  expect(packed.others).toBe(30)
})
