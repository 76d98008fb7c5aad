import { nearestName } from './nearest-name.ts'
import { variables, type GivenValues, type VariableKey } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads every variable; each problem becomes one line, and all are reported at once. `doubtful` are variables whose
 * value is unknown, because it is invalid or the name is probably misspelled: nothing is concluded from them.
 */
export function readEnvironment(env: Environment, readFile: (path: string) => string) {
  const unknown = unknownNames(env)
  const problems = unknown.map(({ problem }) => problem)
  const values: Record<string, unknown> = {}
  const given = new Set<VariableKey>()
  const doubtful = new Set<VariableKey>()
  for (const key of Object.keys(variables) as VariableKey[]) {
    const { name, schema, allowed, secret } = variables[key]
    const found = problems.length
    const text = textOf(name, { env, readFile, problems, secret })
    const isMisspelled = unknown.some(({ meant }) => meant === name || meant === `${name}_FILE`)
    if (problems.length > found || isMisspelled) doubtful.add(key)
    if (text === undefined) continue
    given.add(key)
    const parsed = schema.safeParse(text)
    if (parsed.success) values[key] = parsed.data
    else {
      problems.push(`${name} is ${secret ? '(hidden)' : shown(text)}. Expected ${allowed}.`)
      doubtful.add(key)
    }
  }
  return { values: values as GivenValues, given, doubtful, problems }
}

interface TextOptions {
  readonly env: Environment
  readonly readFile: (path: string) => string
  readonly problems: string[]
  readonly secret: boolean
}

// an empty variable is as good as none: compose files write it so
function textOf(name: string, { env, readFile, problems, secret }: TextOptions): string | undefined {
  const text = env[name] || undefined
  const file = secret ? env[`${name}_FILE`] || undefined : undefined
  if (file === undefined) return text
  if (text !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set. Keep one of them.`)
    return undefined
  }
  try {
    return readFile(file).replace(/\r?\n$/, '')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    problems.push(
      `${name}_FILE is ${shown(file)}, which cannot be read (${why}). Expected the path of a file.`,
    )
    return undefined
  }
}

function unknownNames(env: Environment): { problem: string; meant: string | undefined }[] {
  const known = Object.values(variables).flatMap(({ name, secret }) =>
    secret ? [name, `${name}_FILE`] : [name],
  )
  const names = Object.keys(env).filter((name) => name.startsWith('BANGUI_') && !known.includes(name))
  return names.map((name) => {
    const nearest = nearestName(name, known)
    const hint = nearest ? ` Did you mean ${nearest}?` : ' Remove it, or correct its name.'
    return { problem: `${name} is not a setting of BanGUI.${hint}`, meant: nearest }
  })
}

const shown = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
