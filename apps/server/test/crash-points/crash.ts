import type { Steps } from '@bangui/async'
import type { Db } from '@bangui/db'

/** Numbers the calls of a piece of work, and ends it at one of them as a crash would: nothing has an effect after it. */
export interface Crash {
  /** the names of the points that were passed, in their order */
  readonly points: readonly string[]
  readonly happened: boolean
  /** Returns verbs whose calls are points: before each call, and after it. */
  around<TVerbs extends object>(group: string, verbs: TVerbs): TVerbs
  /** Returns a database whose statements are points. */
  aroundStatements(db: Db): Db
}

/** A point by its name; each batch has one of the same name. */
export interface CrashPoint {
  readonly name: string
  /** which one of this name, from 1 */
  readonly nth: number
}

class Crashed extends Error {
  override readonly name = 'Crashed'
}

interface Statement {
  readonly kind: string
  readonly sqlFragments?: readonly string[]
}

/** Returns what a statement does and to which table, of one that is written in SQL its text. */
function nameOf(statement: Statement): string {
  if (statement.sqlFragments) return statement.sqlFragments.join('?')
  const tableName = /"kind":"SchemableIdentifierNode","identifier":\{"kind":"IdentifierNode","name":"(\w+)"/
  const [, table = ''] = tableName.exec(JSON.stringify(statement)) ?? []
  return `${statement.kind} ${table}`
}

/** Creates a {@link Crash} at a point; null: at none. */
export function createCrash(at: CrashPoint | null): Crash {
  const points: string[] = []
  const dead = new AbortController()
  const reach = (name: string) => {
    if (dead.signal.aborted) throw new Crashed(name)
    points.push(name)
    if (name !== at?.name || points.filter((point) => point === name).length !== at.nth) return
    dead.abort()
    throw new Crashed(name)
  }

  async function* stepsAround<TStep, TResult>(name: string, steps: Steps<TStep, TResult>) {
    reach(`before ${name}`)
    for await (const step of steps) {
      reach(`${'result' in step ? 'after' : 'during'} ${name}`)
      yield step
    }
  }
  const promiseAround = async (name: string, call: () => unknown) => {
    reach(`before ${name}`)
    const result: unknown = await call()
    reach(`after ${name}`)
    return result
  }
  const callAround = (name: string, verb: (...args: unknown[]) => unknown, args: unknown[]) => {
    if (name !== 'host.bans.unban') return promiseAround(name, () => verb(...args))
    const [jail, addresses, options = {}] = args as [string, string[], { signal?: AbortSignal }?]
    const signals = options.signal ? [options.signal, dead.signal] : [dead.signal]
    // what was not sent by then is not sent any more
    const steps = verb(jail, addresses, { ...options, signal: AbortSignal.any(signals) })
    return stepsAround(name, steps as Steps<unknown, unknown>)
  }

  return {
    points,
    get happened() {
      return dead.signal.aborted
    },
    around: (group, verbs) =>
      new Proxy(verbs, {
        get(target, key, receiver) {
          const value: unknown = Reflect.get(target, key, receiver)
          if (typeof value !== 'function' || typeof key !== 'string') return value
          const verb = value.bind(target) as (...args: unknown[]) => unknown
          return (...args: unknown[]) => callAround(`${group}.${key}`, verb, args)
        },
      }),
    aroundStatements: (db) =>
      db.withPlugin({
        transformQuery({ node }) {
          // SQLite rolls back by itself what a process left open
          const isRollback = node.kind === 'RawNode' && node.sqlFragments.join('') === 'rollback'
          if (!isRollback) reach(`statement ${nameOf(node)}`)
          return node
        },
        transformResult: async ({ result }) => result,
      }),
  }
}

/** So many points of one name are those of batches. */
const BATCHES = 5

/** Returns the points to crash at: the first of each name, and of a call that each batch makes also one in the middle. */
export function choosePoints(names: readonly string[]): CrashPoint[] {
  return [...Map.groupBy(names, (name) => name)].flatMap(([name, { length }]) => {
    const isOfBatches = length >= BATCHES && !name.startsWith('statement')
    const middle = { name, nth: Math.ceil(length / 2) }
    return [{ name, nth: 1 }, ...(isOfBatches ? [middle] : [])]
  })
}
