import { parseZoneRule } from './zone-rule.ts'
import { fixedZone, utc, type Zone } from './zone.ts'

const HEADER_BYTES = 44
const SECOND_MS = 1000

/**
 * Reads a zone file (TZif, RFC 9636) as `/etc/localtime` is one: its list of changes, and the rule that holds after
 * them. Returns undefined for other bytes.
 */
export function readZoneFile(file: Buffer): Zone | undefined {
  try {
    return readZone(file)
  } catch (error) {
    // cut off
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readZone(file: Buffer): Zone | undefined {
  if (file.toString('latin1', 0, 4) !== 'TZif') return undefined
  const short = readLayout(file, 0, 4)
  // the first part of a newer file is for programs that know 32 bits only, and may be empty
  const layout = file.readUInt8(4) === 0 ? short : readLayout(file, short.end, 8)
  const changes = Array.from({ length: layout.changes }, (_, index) => ({
    at: Number(readTime(file, layout.start + index * layout.width, layout.width)) * SECOND_MS,
    offset: offsetOf(file, layout, file.readUInt8(layout.start + layout.changes * layout.width + index)),
  }))
  const first = layout.types === 0 ? 0 : offsetOf(file, layout, 0)
  const [rule = ''] = file.toString('latin1', layout.end + 1).split('\n', 1)
  const last = parseZoneRule(rule) ?? fixedZone(changes.at(-1)?.offset ?? first)
  if (changes.length === 0) return layout.types === 0 ? utc : last
  return (at) => {
    const index = changes.findLastIndex((change) => change.at <= at)
    if (index === -1) return first
    return index === changes.length - 1 ? last(at) : (changes[index]?.offset ?? first)
  }
}

interface Layout {
  /** bytes of a time */
  readonly width: 4 | 8
  /** where its data begin and end */
  readonly start: number
  readonly end: number
  readonly changes: number
  readonly types: number
}

function readLayout(file: Buffer, header: number, width: 4 | 8): Layout {
  const count = (index: number) => file.readUInt32BE(header + 20 + index * 4)
  const [utcFlags, standardFlags, leaps, changes, types, names] = [0, 1, 2, 3, 4, 5].map(count) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const start = header + HEADER_BYTES
  const size = changes * (width + 1) + types * 6 + names + leaps * (width + 4) + standardFlags + utcFlags
  if (start + size > file.length) throw new RangeError('a zone file that is cut off')
  return { width, start, end: start + size, changes, types }
}

const readTime = (file: Buffer, at: number, width: 4 | 8): number | bigint =>
  width === 4 ? file.readInt32BE(at) : file.readBigInt64BE(at)

function offsetOf(file: Buffer, { start, changes, width }: Layout, type: number): number {
  return file.readInt32BE(start + changes * (width + 1) + type * 6) * SECOND_MS
}
