import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chunk, pacedChunks } from './chunk.ts'

it('chunks hold all items in their order, and each but the last is full', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 5 }), (items, size) => {
      const parts = [...chunk(items, size)]
      expect(parts.flat()).toEqual(items)
      expect(parts.slice(0, -1).every((part) => part.length === size)).toBe(true)
      expect(parts.every((part) => part.length > 0 && part.length <= size)).toBe(true)
    }),
  )
})

it('paced chunks let other work run between two of them', async () => {
  const order: string[] = []
  for await (const part of pacedChunks([1, 2, 3], 2)) {
    order.push(part.join(','))
    setImmediate(() => order.push('other'))
  }
  expect(order).toEqual(['1,2', 'other', '3'])
})
