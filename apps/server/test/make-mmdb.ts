/** What a record of a test's file may hold. */
export type MmdbValue = string | number | MmdbMap
export interface MmdbMap {
  readonly [key: string]: MmdbValue | undefined
}

export interface MmdbOptions {
  readonly builtAt: number
  /** records by IPv4 network, such as `203.0.113.0/24`; none lies inside another */
  readonly records: Readonly<Record<string, MmdbMap>>
}

type Node = [left: Branch, right: Branch]
/** another node, or where a record stands among the data */
type Branch = Node | number | undefined

/** A small MaxMind-format file (maxmind.github.io/MaxMind-DB), of IPv4, with records of 32 bits. */
export function makeMmdb({ builtAt, records }: MmdbOptions): Buffer {
  const root: Node = [undefined, undefined]
  const data: Buffer[] = []
  let offset = 0
  for (const [network, record] of Object.entries(records)) {
    insert(root, network, offset)
    const bytes = encode(record)
    data.push(bytes)
    offset += bytes.length
  }
  const nodes = flatten(root)
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: Math.floor(builtAt / 1_000),
    database_type: 'Test',
    ip_version: 4,
    node_count: nodes.length,
    record_size: 32,
  }
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')])
  return Buffer.concat([treeOf(nodes), Buffer.alloc(16), ...data, marker, encode(metadata)])
}

function insert(root: Node, network: string, offset: number): void {
  const [host = '', length = '32'] = network.split('/')
  const address = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  let node = root
  for (let bit = 0; bit < Number(length); bit += 1) {
    const side = Math.floor(address / 2 ** (31 - bit)) % 2 === 0 ? 0 : 1
    if (bit === Number(length) - 1) node[side] = offset
    else {
      const below = node[side]
      const next: Node = Array.isArray(below) ? below : [undefined, undefined]
      node[side] = next
      node = next
    }
  }
}

function flatten(root: Node): Node[] {
  const nodes = [root]
  for (const node of nodes) for (const branch of node) if (Array.isArray(branch)) nodes.push(branch)
  return nodes
}

function treeOf(nodes: readonly Node[]): Buffer {
  const indexes = new Map(nodes.map((node, index) => [node, index]))
  const tree = Buffer.alloc(nodes.length * 8)
  const valueOf = (branch: Branch) => {
    if (branch === undefined) return nodes.length
    return typeof branch === 'number' ? nodes.length + 16 + branch : (indexes.get(branch) ?? 0)
  }
  for (const [index, [left, right]] of nodes.entries()) {
    tree.writeUInt32BE(valueOf(left), index * 8)
    tree.writeUInt32BE(valueOf(right), index * 8 + 4)
  }
  return tree
}

/** Types 2 (text), 6 (32 bits) and 7 (map); each shorter than 285 bytes or entries. */
function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(6, 4), bytes])
  }
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  const parts = entries.flatMap(([key, each]) => [encode(key), encode(each ?? '')])
  return Buffer.concat([head(7, entries.length), ...parts])
}

const head = (type: number, size: number) =>
  size < 29 ? Buffer.from([type * 32 + size]) : Buffer.from([type * 32 + 29, size - 29])
