import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHost, createSimulator, resolveConfig } from '@bangui/fail2ban'
import type { BenchContext, Measure } from './lib/bench.ts'
import { median, timed } from './lib/numbers.ts'
import { runQuietly } from './lib/run-quietly.ts'

const STOCK = '/etc/fail2ban'
const ROUNDS = 15
const FILES = 50
const JAILS_OF_A_FILE = 6
const WANTED_MS = 60
const WANTED_MANY_MS = 250
const WANTED_FORM_MS = 20

/**
 * Reading and resolving a configuration folder with its filters and actions, beside `fail2ban-client -d` on the same folder, in
 * turns: Debian's with every jail on, and 300 jails in 50 files.
 */
export async function run(context: BenchContext): Promise<readonly Measure[]> {
  const [stock, many] = [await copyStock(context), await copyStock(context)]
  const jails = await namesOfJails(stock)
  await writeFile(join(stock, 'jail.local'), jails.map((name) => `[${name}]\nenabled = true\n`).join('\n'))
  for (let file = 0; file < FILES; file++)
    await writeFile(join(many, 'jail.d', `many-${file}.conf`), manyJails(file, jails).join('\n'))
  const ofStock = await measure(context, stock, `Debian's configuration, ${jails.length} jails`)
  const ofMany = await measure(context, many, `${FILES * JAILS_OF_A_FILE} jails in ${FILES} files`)
  return [
    report({ ...ofStock, most: WANTED_MS, times: 3 }),
    report({ ...ofMany, most: WANTED_MANY_MS, times: 1 }),
    report({ ...(await measureForm(context, many, ofMany.client)), most: WANTED_FORM_MS, times: 10 }),
  ]
}

/** What the form of a jail asks for, in the folder with the many jails, when it was asked before. */
async function measureForm(context: BenchContext, folder: string, client: number): Promise<Measured> {
  context.say('opening the form of a jail')
  const socketPath = join(folder, 'fail2ban.sock')
  context.own(await createSimulator({ socketPath, jails: [] }))
  const host = createLocalHost({
    socketPath,
    configDir: folder,
    client: 'fail2ban-client',
    configWrite: 'off',
    stateDir: join(await copyStock(context), 'state'),
  })
  context.own({ [Symbol.asyncDispose]: () => host.close() })
  const times: number[] = []
  for (let turn = -5; turn < ROUNDS; turn++) {
    const time = await timed(() => host.config.listSettings('jail', `many-${turn + 5}-0`))
    if (turn >= 0) times.push(time)
  }
  return { what: `the form of one of them, opened`, own: median(times), client }
}

async function copyStock(context: BenchContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bgb-config-'))
  context.own({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) })
  await cp(STOCK, folder, { recursive: true })
  await rm(join(folder, 'jail.d'), { recursive: true, force: true })
  await mkdir(join(folder, 'jail.d'))
  return folder
}

/** The names of all jails, read while every jail is on. */
async function namesOfJails(folder: string): Promise<string[]> {
  const local = join(folder, 'jail.local')
  await writeFile(local, '[DEFAULT]\nenabled = true\n')
  const jails = await resolveConfig(folder)
  await rm(local)
  return jails.map(({ name }) => name)
}

const manyJails = (file: number, filters: readonly string[]): string[] =>
  Array.from({ length: JAILS_OF_A_FILE }, (_, index) => {
    const filter = filters[(file * JAILS_OF_A_FILE + index) % filters.length]
    return `[many-${file}-${index}]\nenabled = true\nfilter = ${filter}\nlogpath = /dev/null\nport = ${1000 + index}\n`
  })

interface Measured {
  readonly what: string
  readonly own: number
  readonly client: number
}

async function measure(context: BenchContext, folder: string, what: string): Promise<Measured> {
  context.say(`reading ${what}`)
  const times = { own: [] as number[], client: [] as number[] }
  // the first five warm up
  for (let turn = -5; turn < ROUNDS; turn++) {
    const own = await timed(() => resolveConfig(folder))
    if (turn < 0) continue
    times.own.push(own)
    times.client.push(await timed(() => runQuietly(['fail2ban-client', '-c', folder, '-d'])))
  }
  return { what, own: median(times.own), client: median(times.client) }
}

const report = ({ what, own, client, most, times }: Measured & { most: number; times: number }): Measure => ({
  what: `${what}, read and resolved`,
  value: own,
  unit: 'ms',
  reference: { what: 'fail2ban-client -d', value: client },
  wanted: times === 1 ? `at most ${most} ms` : `at most ${most} ms and ${times} times faster`,
  ok: own <= most && own * times <= client,
})
