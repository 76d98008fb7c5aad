/**
 * Reads lists of a million lines as BanGUI does: parsed, without duplicates, and without what must not be banned; then plainly, with
 * `split`, `net.isIP` and a `Set`. Prints one line of JSON for each, with the time and the memory that it took.
 */
import { isIP } from 'node:net'
import { createAllowList } from '../../apps/server/src/features/ignores/allow-list.ts'
import { guardBy } from '../../apps/server/src/features/blocklists/list-guard.ts'
import { planImport } from '../../apps/server/src/features/blocklists/plan-import.ts'
import { parseAll } from '../../apps/server/src/features/blocklists/read-list.ts'

const LINES = 1_000_000
const ROUNDS = 3
/** As a socket gives them. */
const CHUNK_BYTES = 65_536

const textOf = (number: number) =>
  `${number >>> 24}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`

const numberOf = (index: number) => Math.imul(index, 2_654_435_761) >>> 0

const addressOf = (index: number) => textOf(numberOf(index))

interface Kind {
  /** Returns a line by its number. */
  readonly lineOf: (index: number) => string
  /** Returns the text that should be an address. */
  readonly addressIn: (line: string) => string | undefined
}

const first = (line: string) => line.split(/[\s/#-]/, 1)[0]

const kinds: Readonly<Record<string, Kind>> = {
  addresses: {
    lineOf(index) {
      if (index % 50 === 7) return `${addressOf(index)}/24`
      if (index % 100 === 3) return `${addressOf(index)} # seen ${index} times`
      return index % 1_000 === 5 ? 'not an address' : addressOf(index)
    },
    addressIn: first,
  },
  ranges: {
    lineOf(index) {
      const from = (numberOf(index) & ~15) >>> 0
      return `${textOf(from)}-${textOf(from + 15)}`
    },
    addressIn: first,
  },
  'rows with quotes': {
    lineOf: (index) => `"2026-01-01, 10:00","${addressOf(index)}","${index % 9}"`,
    addressIn: (line) => line.split('"', 4)[3],
  },
  'addresses of both families': {
    lineOf: (index) => (index % 10 === 0 ? `2a01:4f8:${(index >>> 8).toString(16)}::1` : addressOf(index)),
    addressIn: first,
  },
}

/** Returns a list, one in twenty of whose lines is there twice. */
function listOf({ lineOf }: Kind): Buffer {
  const list = Buffer.alloc(LINES * 64)
  let size = 0
  for (let index = 0; index < LINES; index += 1)
    size += list.write(`${lineOf(index % 20 === 19 ? index - 1 : index)}\n`, size, 'latin1')
  return list.subarray(0, size)
}

async function* chunksOf(list: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < list.length; from += CHUNK_BYTES) yield list.subarray(from, from + CHUNK_BYTES)
}

/** Returns the processor time and the most memory that work takes more than before it. */
async function measure(work: () => Promise<number>) {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5)
  const begun = process.cpuUsage()
  const entries = await work()
  const { user, system } = process.cpuUsage(begun)
  const milliseconds = (user + system) / 1_000
  clearInterval(timer)
  return { milliseconds, megabytes: (Math.max(most, process.memoryUsage().rss) - before) / 1e6, entries }
}

const allowed = createAllowList([{ entry: '198.51.100.0/24', source: 'bangui', note: null, by: null }])
const guard = guardBy({ allowed, visitors: ['192.0.2.1'], own: ['127.0.0.1', '::1'] })

async function readList(list: Buffer): Promise<number> {
  const { entries } = await parseAll(chunksOf(list), { format: 'auto', column: null })
  const { wanted } = await planImport(entries, guard)
  return wanted.ipv4.length + wanted.ipv6.length
}

/** Without networks, comments, quotes and ranges, and without anything that must not be banned. */
async function readPlainly(list: Buffer, { addressIn }: Kind): Promise<number> {
  const found = new Set<string>()
  for (const line of list.toString('latin1').split('\n')) {
    const text = addressIn(line)
    if (text !== undefined && isIP(text) !== 0) found.add(text)
  }
  return found.size
}

for (const [name, kind] of Object.entries(kinds)) {
  const list = listOf(kind)
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await measure(() => readList(list))
    const plain = await measure(() => readPlainly(list, kind))
    process.stdout.write(`${JSON.stringify({ event: 'read', name, ours, plain })}\n`)
  }
}
process.stdout.write(`${JSON.stringify({ event: 'end' })}\n`)
