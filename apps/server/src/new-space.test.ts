import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const execute = promisify(execFile)
const script = fileURLToPath(new URL('../test/children/many-objects.ts', import.meta.url))

async function largestSpace(...args: readonly string[]): Promise<number> {
  const { stdout } = await execute(process.execPath, [script, ...args])
  return Number(stdout) / 1_000_000
}

it('new objects get more space under load, up to a bound', async () => {
  const [bounded, unbounded] = await Promise.all([largestSpace('bounded'), largestSpace()])
  expect(bounded).toBeGreaterThan(2)
  expect(bounded).toBeLessThan(40)
  expect(unbounded).toBeGreaterThan(bounded)
})
