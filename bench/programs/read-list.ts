/**
 * Reads a list of a million lines as BanGUI does: parsed, without duplicates, and without what must not be banned; then plainly, with
 * `split` and a `Set`. Prints one line of JSON for each, with the time and the memory that it took.
 */
import { isIPv4 } from 'node:net'
import { createAllowList } from '../../apps/server/src/features/ignores/allow-list.ts'
import { guardBy } from '../../apps/server/src/features/blocklists/list-guard.ts'
import { planImport } from '../../apps/server/src/features/blocklists/plan-import.ts'
import { parseAll } from '../../apps/server/src/features/blocklists/read-list.ts'

const LINES = 1_000_000
const CHUNK_LINES = 4_000

const addressOf = (index: number) => {
  const number = Math.imul(index, 2_654_435_761) >>> 0
  return `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`
}

/** Addresses, one in twenty of them again, with a network, a comment and nonsense now and then. */
function lineOf(index: number): string {
  if (index % 20 === 19) return addressOf(index - 1)
  if (index % 50 === 7) return `${addressOf(index)}/24`
  if (index % 100 === 3) return `${addressOf(index)} # seen ${index} times`
  return index % 1_000 === 5 ? 'not an address' : addressOf(index)
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < LINES; from += CHUNK_LINES)
    yield Buffer.from(Array.from({ length: CHUNK_LINES }, (_, index) => `${lineOf(from + index)}\n`).join(''))
}

/** Returns the time and the most memory that work takes more than before it. */
async function measure(work: () => Promise<number>) {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5)
  const begun = performance.now()
  const entries = await work()
  const milliseconds = performance.now() - begun
  clearInterval(timer)
  return { milliseconds, megabytes: (Math.max(most, process.memoryUsage().rss) - before) / 1e6, entries }
}

const allowed = createAllowList([{ entry: '198.51.100.0/24', source: 'bangui', note: null, by: null }])
const guard = guardBy({ allowed, visitors: ['192.0.2.1'], own: ['127.0.0.1', '::1'] })
const ours = await measure(async () => {
  const list = await parseAll(chunks(), { format: 'auto', column: null })
  const { wanted } = await planImport(list.entries, guard)
  return wanted.ipv4.length
})
process.stdout.write(`${JSON.stringify({ event: 'ours', ...ours })}\n`)
const plain = await measure(async () => {
  const parts: Buffer[] = []
  for await (const chunk of chunks()) parts.push(Buffer.from(chunk))
  const found = new Set<string>()
  for (const line of Buffer.concat(parts).toString('utf8').split('\n')) {
    const [text = ''] = line.split(/[\s/#]/, 1)
    if (isIPv4(text)) found.add(text)
  }
  return found.size
})
process.stdout.write(`${JSON.stringify({ event: 'plain', ...plain })}\n`)
