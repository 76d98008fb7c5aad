import { getHeapSpaceStatistics } from 'node:v8'
import { boundNewSpace } from '../../src/new-space.ts'

// makes many objects that live on for a while, and tells how large the space for new ones became
if (process.argv[2] === 'bounded') boundNewSpace()
const kept: unknown[] = []
let largest = 0
for (let turn = 0; turn < 400; turn++) {
  for (let index = 0; index < 5_000; index++)
    kept[(turn * 5_000 + index) % 400_000] = { turn, list: [index, index + 1], text: String(index) }
  await new Promise((resolve) => setImmediate(resolve))
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  largest = Math.max(largest, space?.space_size ?? 0)
}
process.stdout.write(String(largest))
