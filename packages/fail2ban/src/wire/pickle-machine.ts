import { PickleError } from './pickle-error.ts'
import type { ReplyLimits } from './reply-limits.ts'

/** An object of a class that is not known here, as plain data: nothing is ever looked up or run by name. */
export interface PickleInstance {
  readonly $class: string
  args: unknown
  state?: unknown
}

type GlobalKind = 'text' | 'set' | 'encode' | 'other'

const maxDepth = 200
const maxNameLength = 255

const globalKinds: ReadonlyMap<string, GlobalKind> = new Map([
  ['builtins.str', 'text'],
  ['__builtin__.str', 'text'],
  ['__builtin__.unicode', 'text'],
  ['builtins.set', 'set'],
  ['builtins.frozenset', 'set'],
  ['__builtin__.set', 'set'],
  ['__builtin__.frozenset', 'set'],
  ['_codecs.encode', 'encode'],
])

/** Stands in the memo for the tuple of the entry before it, until it is read. */
export const pendingTuple: unique symbol = Symbol('a tuple of the entry before')

/** The stack, marks and memo of one pickle, and what its opcodes do to them. */
export class PickleMachine {
  readonly stack: unknown[] = []
  readonly memo: unknown[] = []
  /** the stack's height at the innermost MARK: nothing below it may be popped */
  floor = 0
  /** containers made so far */
  containers = 0
  /** what `text` objects are made by; compared by identity in the hot path */
  textGlobal: unknown = null
  readonly #marks: number[] = []
  readonly #globals = new Map<object, GlobalKind>()
  readonly #instances = new Set<object>()

  pop(): unknown {
    if (this.stack.length <= this.floor) throw new PickleError('An opcode needs a value that is not there.')
    return this.stack.pop()
  }

  top(): unknown {
    if (this.stack.length <= this.floor) throw new PickleError('An opcode needs a value that is not there.')
    return this.stack[this.stack.length - 1]
  }

  mark(): void {
    this.#marks.push(this.stack.length)
    this.floor = this.stack.length
  }

  popMark(): unknown[] {
    const at = this.#marks.pop()
    if (at === undefined) throw new PickleError('An opcode needs a mark that is not there.')
    this.floor = this.#marks[this.#marks.length - 1] ?? 0
    return this.stack.splice(at)
  }

  put(index: number): void {
    // Python numbers its entries one by one; a far index would only waste memory
    if (index > this.memo.length + 255) throw new PickleError('A memo index is out of bounds.')
    this.memo[index] = this.top()
  }

  get(index: number): void {
    let value = this.memo[index]
    if (value === pendingTuple) {
      value = [this.memo[index - 1]]
      this.memo[index] = value
    }
    if (value === undefined) throw new PickleError('A memo entry is used before it was made.')
    this.stack.push(value)
  }

  empty(container: object): void {
    this.containers++
    this.stack.push(container)
  }

  tuple(size: 1 | 2 | 3): void {
    if (this.stack.length - size < this.floor)
      throw new PickleError('An opcode needs a value that is not there.')
    this.containers++
    this.stack.push(this.stack.splice(this.stack.length - size))
  }

  global(module: unknown, name: unknown): void {
    if (
      typeof module !== 'string' ||
      typeof name !== 'string' ||
      module.length + name.length > maxNameLength
    ) {
      throw new PickleError('The name of a class is not a short text.')
    }
    const $class = `${module}.${name}`
    const reference: PickleInstance = { $class, args: [] }
    const kind = globalKinds.get($class) ?? 'other'
    this.containers += 3
    this.#globals.set(reference, kind)
    if (kind === 'text') this.textGlobal = reference
    this.stack.push(reference)
  }

  /** REDUCE and NEWOBJ: a call becomes its result where that is plain data, else a description of the call. */
  reduce(callable: unknown, args: unknown): void {
    const kind = typeof callable === 'object' && callable !== null ? this.#globals.get(callable) : undefined
    if (kind === undefined || !Array.isArray(args))
      throw new PickleError('A call has no class or no arguments.')
    const [first, second] = args as unknown[]
    if (kind === 'text' && args.length === 1 && (typeof first === 'string' || typeof first === 'number')) {
      this.stack.push(String(first))
      return
    }
    if (kind === 'set' && args.length <= 1 && (first === undefined || Array.isArray(first))) {
      this.containers++
      this.stack.push(first ?? [])
      return
    }
    if (kind === 'encode' && typeof first === 'string' && (second === 'latin1' || second === 'latin-1')) {
      this.bytes(Buffer.from(first, 'latin1'))
      return
    }
    this.instance((callable as PickleInstance).$class, args)
  }

  instance($class: string, args: unknown): void {
    const made: PickleInstance = { $class, args }
    this.containers += 3
    this.#instances.add(made)
    this.stack.push(made)
  }

  build(state: unknown): void {
    const target = this.top()
    if (!this.#isInstance(target)) throw new PickleError('A state is set on something that has none.')
    target.state = state
  }

  append(items: readonly unknown[]): void {
    const target = this.top()
    if (Array.isArray(target)) {
      for (let i = 0; i < items.length; i++) target.push(items[i])
      return
    }
    if (!this.#isInstance(target)) throw new PickleError('An item is added to something that is not a list.')
    const holder = target as PickleInstance & { items?: unknown[] }
    holder.items ??= []
    for (const item of items) holder.items.push(item)
  }

  setItems(pairs: readonly unknown[]): void {
    let target = this.top() as Record<string, unknown>
    if (
      typeof target !== 'object' ||
      target === null ||
      Array.isArray(target) ||
      target instanceof Uint8Array
    ) {
      throw new PickleError('An entry is set on something that is not a dictionary.')
    }
    if (pairs.length % 2 === 1) throw new PickleError('A dictionary has a key without a value.')
    if (this.#globals.has(target))
      throw new PickleError('An entry is set on something that is not a dictionary.')
    if (this.#instances.has(target)) target = (target['entries'] ??= {}) as Record<string, unknown>
    for (let i = 0; i < pairs.length; i += 2) setEntry(target, pairs[i], pairs[i + 1])
  }

  bytes(data: Uint8Array): void {
    this.containers += 4
    this.stack.push(Uint8Array.from(data))
  }

  /** Called every few thousand opcodes: what a pickle may occupy is bounded whatever its opcodes are. */
  assertBounded({ maxContainers, maxValues }: ReplyLimits): void {
    if (this.containers > maxContainers || this.stack.length > maxValues || this.memo.length > maxValues) {
      throw new PickleError('The reply has more values than a reply can have.')
    }
  }

  /** The value that STOP leaves, checked to be a tree of bounded depth. */
  result(): unknown {
    const value = this.pop()
    assertShallow(value)
    return value
  }

  #isInstance(value: unknown): value is PickleInstance {
    return typeof value === 'object' && value !== null && this.#instances.has(value)
  }
}

const setEntry = (target: Record<string, unknown>, key: unknown, value: unknown): void => {
  if (typeof key === 'object' && key !== null)
    throw new PickleError('A key of a dictionary is neither text nor a number.')
  const name = String(key)
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
    return
  }
  target[name] = value
}

/** Checks each value once, since values can be shared. A value that contains itself, or is nested too deep, is refused. */
const assertShallow = (root: unknown): void => {
  const heights = new Map<object, number>()
  const visit = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 0
    let height = heights.get(value)
    if (height === undefined) {
      if (depth > maxDepth) throw new PickleError('The reply is nested too deep.')
      heights.set(value, Number.POSITIVE_INFINITY)
      height = 0
      for (const child of Array.isArray(value) ? value : Object.values(value)) {
        if (typeof child === 'object') height = Math.max(height, visit(child, depth + 1))
      }
      height++
      heights.set(value, height)
    }
    if (depth + height > maxDepth) throw new PickleError('The reply is nested too deep, or contains itself.')
    return height
  }
  visit(root, 0)
}
