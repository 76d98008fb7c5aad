import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Bench, BenchContext, Measure } from './lib/bench.ts'
import { createOwner } from './lib/owner.ts'
import { printTable } from './lib/table.ts'
import { seed } from './seed.ts'

/** The longest that one benchmark may take, in milliseconds. */
const DEADLINE = 120_000

/** In the order in which they run: what needs a quiet machine first. */
const names = [
  'decode',
  'counts',
  'start',
  'page-script',
  'change',
  'crash',
  'second-instance',
  'subscribers',
]

const usage = `npm run bench                     runs all benchmarks
npm run bench -- decode counts    runs these
npm run bench -- --json FILE      writes the results too
npm run bench -- --seed 10000     starts a private fail2ban with that many bans, to try BanGUI on

Benchmarks: ${names.join(', ')}
`

interface Result {
  readonly name: string
  readonly seconds: number
  readonly measures: readonly Measure[]
  /** why it could not run */
  readonly error?: string
}

const { values, positionals } = readArguments()
const broken = new AbortController()
let owner = createOwner()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void breakOff())

if (values.help) say(usage)
else if (values.seed !== undefined) await seed(values.seed, { folder: values.folder, say })
else await runAll(positionals.length > 0 ? positionals : names)

async function runAll(wanted: readonly string[]): Promise<void> {
  const results: Result[] = []
  for (const name of wanted) results.push(await runOne(name))
  if (broken.signal.aborted) return
  printTable(
    results.flatMap(({ measures }) => measures),
    say,
  )
  for (const { name, error } of results) if (error !== undefined) say(`\n${name} could not run: ${error}`)
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)
  process.exitCode = results.some(({ error }) => error !== undefined) ? 1 : 0
}

async function runOne(name: string): Promise<Result> {
  const begun = performance.now()
  const { own, release } = (owner = createOwner())
  const context: BenchContext = {
    signal: broken.signal,
    own,
    say: (text) => say(`${name}: ${text} …`),
  }
  let measures: readonly Measure[] = []
  let error: string | undefined
  try {
    broken.signal.throwIfAborted()
    const module = (await import(`./${name}.bench.ts`)) as { run: Bench }
    measures = await Promise.race([module.run(context), tooLate()])
  } catch (problem) {
    error = problem instanceof Error ? problem.message : String(problem)
    if (!broken.signal.aborted) say(`${name}: ${error}`)
  } finally {
    await release()
  }
  return { name, seconds: Math.round((performance.now() - begun) / 100) / 10, measures, error }
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`it took more than ${DEADLINE / 1_000} s`)), DEADLINE).unref()
  })
}

/** Cleans up and ends; the second time at once. */
async function breakOff(): Promise<void> {
  if (broken.signal.aborted) return
  broken.abort()
  say('\nCleaning up …')
  await owner.release()
  process.exit(130)
}

function readArguments() {
  const parsed = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      json: { type: 'string' },
      seed: { type: 'string' },
      folder: { type: 'string' },
    },
  })
  const unknown = parsed.positionals.filter((name) => !names.includes(name))
  if (unknown.length === 0) return parsed
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}.\n\n${usage}`)
  process.exit(2)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
