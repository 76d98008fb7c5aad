import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { run as alerts } from './alerts.bench.ts'
import { run as bans } from './bans.bench.ts'
import { run as change } from './change.bench.ts'
import { run as config } from './config.bench.ts'
import { run as counts } from './counts.bench.ts'
import { run as crash } from './crash.bench.ts'
import { run as decode } from './decode.bench.ts'
import { run as edits } from './edits.bench.ts'
import { run as events } from './events.bench.ts'
import { run as history, runLarge as historyLarge } from './history.bench.ts'
import { run as importing } from './import.bench.ts'
import { run as intake } from './intake.bench.ts'
import type { Bench } from './lib/bench.ts'
import { createRunner, type Result } from './lib/runner.ts'
import { printTable } from './lib/table.ts'
import { run as lists } from './lists.bench.ts'
import { run as pageScript } from './page-script.bench.ts'
import { run as protection } from './protection.bench.ts'
import { run as secondInstance } from './second-instance.bench.ts'
import { seed } from './seed.ts'
import { run as start } from './start.bench.ts'
import { run as subscribers } from './subscribers.bench.ts'

/** In the order in which they run. */
const benches = new Map<string, Bench>([
  ['decode', decode],
  ['counts', counts],
  ['config', config],
  ['edits', edits],
  ['start', start],
  ['second-instance', secondInstance],
  ['page-script', pageScript],
  ['protection', protection],
  ['change', change],
  ['crash', crash],
  ['subscribers', subscribers],
  ['events', events],
  ['history', history],
  ['history-large', historyLarge],
  ['lists', lists],
  ['import', importing],
  ['intake', intake],
  ['bans', bans],
  ['alerts', alerts],
])

const usage = `npm run bench                     runs all benchmarks
npm run bench -- decode counts    runs these
npm run bench -- --json FILE      writes the results too
npm run bench -- --seed 10000     starts a private fail2ban with that many bans, to try BanGUI on
                 --folder DIR     … in this folder

Benchmarks: ${[...benches.keys()].join(', ')}
`

const { values, positionals } = readArguments()
if (values.help) say(usage)
else if (values.seed !== undefined) await seed(values.seed, { folder: values.folder, say })
else await runAll(positionals.length > 0 ? positionals : [...benches.keys()])

async function runAll(wanted: readonly string[]): Promise<void> {
  const runner = createRunner(say)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (runner.broken) return
      say('\nCleaning up …')
      void runner.breakOff().then(() => process.exit(130))
    })
  }
  const machine = `Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}`
  say(machine)
  const results: Result[] = []
  for (const [name, bench] of benches) {
    if (!wanted.includes(name) || runner.broken) continue
    const result = await runner.run(name, bench)
    if (result.error !== undefined && !runner.broken) say(`${name} could not run: ${result.error}`)
    results.push(result)
  }
  if (runner.broken) return
  printTable(
    results.flatMap(({ measures }) => measures),
    say,
  )
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  const failed = results.filter(({ error }) => error !== undefined)
  if (failed.length > 0) say(`Could not run: ${failed.map(({ name }) => name).join(', ')}.`)
  process.exitCode = failed.length > 0 ? 1 : 0
}

function readArguments() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        json: { type: 'string' },
        seed: { type: 'string' },
        folder: { type: 'string' },
      },
    })
    const unknown = parsed.positionals.filter((name) => !benches.has(name))
    if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}.`)
    return parsed
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(2)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
