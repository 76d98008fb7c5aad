import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { watch, type FSWatcher } from 'node:fs'
import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { crashAt, type CrashTools } from '../../test/crash-at.ts'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import { listRunningJails } from '../commands.ts'
import type { ConfigEdit } from '../models/edit-models.ts'
import { createDaemonConnection } from '../wire/daemon-connection.ts'
import { createLocalHost, type LocalHostOptions } from './local-host.ts'
import { hasContent } from './live-files.ts'

/** A change over several files: those of a new filter, of jails, of fail2ban itself, and one that goes. */
const edits: readonly ConfigEdit[] = [
  { kind: 'file', file: 'jail.d/old.local', content: null },
  { kind: 'set', scope: 'jail', name: 'spare', key: 'filter', value: 'made' },
  { kind: 'file', file: 'filter.d/made.local', content: '[Definition]\nfailregex = ^made <HOST>$\n' },
  { kind: 'set', scope: 'jail', name: 'mail', key: 'bantime', value: '2h' },
  { kind: 'set', scope: 'fail2ban', key: 'loglevel', value: 'NOTICE' },
  { kind: 'switch', jail: 'spare', enabled: true },
  { kind: 'switch', jail: 'web', enabled: false },
]

const jails = [
  { name: 'app' },
  { name: 'web' },
  { name: 'mail', enabled: false },
  { name: 'spare', enabled: false },
]

async function setUp() {
  const at = await createTestHost({ jails }, { configWrite: 'all' })
  await writeFile(join(at.daemon.configDir, 'jail.local'), '[mail]\nbantime = 10m ; as ever\n')
  await writeFile(join(at.daemon.configDir, 'jail.d', 'old.local'), '[mail]\nmaxretry = 7\n')
  await at.daemon.start()
  const staged = await at.host.config.stage({ edits, title: 'A change of several files' })
  const change = await at.changes.get(staged?.changeId ?? '')
  if (!change) throw new Error('Nothing was staged.')
  const connection = createDaemonConnection({ socketPath: at.daemon.socketPath })
  const snapshot = join(at.daemon.folder, 'before')
  await cp(at.daemon.configDir, snapshot, { recursive: true })
  const dispose = async () => {
    await connection.close()
    await at[Symbol.asyncDispose]()
  }
  return { ...at, change, connection, snapshot, [Symbol.asyncDispose]: dispose }
}

type World = Awaited<ReturnType<typeof setUp>>

const hostOf = ({ daemon, stateDir }: TestHost, options: Partial<LocalHostOptions> = {}) =>
  createLocalHost({
    socketPath: daemon.socketPath,
    configDir: daemon.configDir,
    client: daemon.clientProgram,
    startCommand: daemon.startCommand,
    configWrite: 'all',
    stateDir,
    ...options,
  })

/** Restores everything as it was before the change, in the folder, in the daemon and in the state folder. */
async function reset(at: World): Promise<void> {
  const { daemon, stateDir, change, snapshot } = at
  for (const { path } of change.files) await rm(path, { force: true })
  await cp(snapshot, daemon.configDir, { recursive: true })
  await rm(join(stateDir, 'changes'), { recursive: true, force: true })
  const running = await listRunningJails(at.connection)
  if (running.includes('spare')) await daemon.ask('stop', 'spare')
  if (!running.includes('web')) await daemon.client('reload', '--if-exists', 'web')
  await at.connection.request(['set', 'loglevel', 'INFO'])
}

/** Returns whether each file is as before (`b`), as after (`a`), or something else, in the order of the change. */
async function lookAtFiles({ change }: World): Promise<string> {
  const letters = change.files.map(async ({ path, content }, index) => {
    if (await hasContent(path, content)) return 'b'
    return (await hasContent(path, change.written[index]?.content ?? null)) ? 'a' : '?'
  })
  return (await Promise.all(letters)).join('')
}

/** Stores the change and applies it. */
const apply =
  (at: World) =>
  async ({ around }: CrashTools) => {
    await at.changes.save(at.change)
    await using stack = new AsyncDisposableStack()
    const connection = around(createDaemonConnection({ socketPath: at.daemon.socketPath }))
    const host = hostOf(at, { connection })
    stack.defer(() => connection.close())
    await host.config.apply(at.change.id)
  }

/** Starts BanGUI again: returns which state of the change it reports, and what is then there. */
async function startAgain(at: World) {
  const host = hostOf(at)
  const [settled] = await host.config.settleInterrupted()
  const stored = (await at.changes.get(at.change.id))?.state ?? null
  expect(settled?.state ?? stored).toBe(stored)
  const found = {
    files: await lookAtFiles(at),
    running: (await listRunningJails(at.connection)).toSorted(),
    loglevel: await at.connection.request(['get', 'loglevel']),
    left: (await readdir(at.daemon.configDir, { recursive: true })).filter((name) =>
      name.includes('.bangui-'),
    ),
  }
  await host.close()
  return { reported: stored === 'applied' ? 'after' : 'before', found }
}

const before = { files: 'bbbbb', running: ['app', 'web'], loglevel: 'INFO', left: [] }
const after = { files: 'aaaaa', running: ['app', 'spare'], loglevel: 'NOTICE', left: [] }

interface Crashes {
  readonly prepare: () => Promise<unknown>
  readonly work: (tools: CrashTools) => Promise<unknown>
  readonly check: (point: string) => Promise<void>
  /** @default 1 */
  readonly every?: number
}

/** How many points with the same name are tried: a change writes each of its files with the same calls. */
const MAX_OF_NAME = 5

/** Returns the numbers of the points to try: of each name the first, the last, and some between them. */
function choosePoints(points: readonly string[]): number[] {
  const numbers = [...points.keys()].map((index) => index + 1)
  const byName = Map.groupBy(numbers, (number) => points[number - 1])
  const chosen = [...byName.values()].flatMap((found) => {
    const step = Math.max(1, (found.length - 1) / (MAX_OF_NAME - 1))
    const turns = Math.min(found.length, MAX_OF_NAME)
    return Array.from({ length: turns }, (_, turn) => found[Math.round(turn * step)] ?? 0)
  })
  return chosen.toSorted((one, other) => one - other)
}

/** Crashes at points of some work in turn, or at every so many of them. Returns at how many. */
async function crashEverywhere({ prepare, work, check, every = 1 }: Crashes): Promise<number> {
  await prepare()
  const { points } = await crashAt(null, work)
  const chosen = choosePoints(points).filter((_, index) => index % every === 0)
  for (const point of chosen) {
    await prepare()
    const { points: passed, happened } = await crashAt(point, work)
    expect(happened).toBe(true)
    await check(`${point}: ${passed.at(-1)}`)
  }
  return chosen.length
}

it('after a crash at any point of a change, the next start says whether everything is as before or as after it', async () => {
  await using at = await setUp()
  const betweens = new Set<string>()
  const reported: string[] = []
  const check = async (point: string) => {
    betweens.add(await lookAtFiles(at))
    const { reported: state, found } = await startAgain(at)
    expect({ point, ...found }).toEqual({ point, ...(state === 'after' ? after : before) })
    reported.push(state)
  }
  const count = await crashEverywhere({ prepare: () => reset(at), work: apply(at), check })
  expect(count).toBeGreaterThan(30)
  expect(reported).toContain('before')
  expect(reported).toContain('after')
  // fail2ban may start before BanGUI does: it takes what a crash left as well
  for (const files of betweens)
    expect({ files, test: await testWith(at, files) }).toEqual({ files, test: 'OK' })
})

/** Returns what `fail2ban-client -t` says of the files as a crash left them. */
async function testWith(at: World, files: string): Promise<string> {
  for (const [index, { path, content }] of at.change.files.entries()) {
    const wanted = files[index] === 'a' ? (at.change.written[index]?.content ?? null) : content
    await (wanted === null ? rm(path, { force: true }) : writeFile(path, wanted))
  }
  const { ok, output } = await at.daemon.client('-t')
  return ok ? 'OK' : output
}

it.each([
  { where: 'in the middle of the files', name: 'rename', nth: 5, every: 1 },
  // there, each start runs several programs
  { where: 'in the middle of the load', name: 'request stop', nth: 1, every: 4 },
])(
  'a start that crashes as well, after a crash $where, leaves the rest to the next one',
  async ({ name, nth, every }) => {
    await using at = await setUp()
    await reset(at)
    const { points } = await crashAt(null, apply(at))
    await reset(at)
    const found = points.flatMap((point, index) => (point === name ? [index + 1] : []))[nth - 1] ?? 0
    const prepare = async () => {
      await reset(at)
      await crashAt(found, apply(at))
    }
    const work = async ({ around }: CrashTools) => {
      const connection = around(createDaemonConnection({ socketPath: at.daemon.socketPath }))
      await hostOf(at, { connection })
        .config.settleInterrupted()
        .finally(() => connection.close())
    }
    const check = async (point: string) =>
      expect({ point, ...(await startAgain(at)) }).toEqual({ point, reported: 'before', found: before })
    expect(await crashEverywhere({ prepare, work, check, every })).toBeGreaterThan(5)
  },
)

/** Starts a process that applies changes in turn, and kills it at the first change of the folder after `count` changes. */
async function killWhileApplying(at: World, ids: readonly string[], count: number): Promise<void> {
  const script = fileURLToPath(new URL('../../test/children/apply-in-a-loop.ts', import.meta.url))
  const { socketPath, configDir, clientProgram } = at.daemon
  const child = spawn(process.execPath, [script, socketPath, configDir, clientProgram, at.stateDir, ...ids], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let applied = 0
  let errors = ''
  let watcher: FSWatcher | undefined
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.stdout.on('data', (chunk: Buffer) => {
    applied += chunk.toString().split('\n').length - 1
    if (applied >= count) watcher ??= watch(configDir, { recursive: true }, () => child.kill('SIGKILL'))
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  watcher?.close()
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' })
}

it('after each of five kills of a process that applies changes, the next start says whether everything is as before or as after', async () => {
  await using at = await setUp()
  // what a load leaves is seen above
  const there = {
    ...at.change,
    load: [],
    runtime: [],
    expect: { before: [], running: [], stopped: [] },
    state: 'reverted' as const,
  }
  const { files, written } = at.change
  const back = {
    ...there,
    id: randomUUID(),
    files: files.map((file, index) => ({ ...file, content: written[index]?.content ?? null })),
    written: files.map(({ path, content }) => ({ path, content })),
  }
  for (const count of [1, 2, 3, 4, 6]) {
    await reset(at)
    await at.changes.save(there)
    await at.changes.save(back)
    await killWhileApplying(at, [there.id, back.id], count)
    const host = hostOf(at)
    const settled = await host.config.settleInterrupted()
    await host.close()
    const found = await lookAtFiles(at)
    expect(['aaaaa', 'bbbbb']).toContain(found)
    for (const { id, state } of settled) {
      const change = await at.changes.get(id)
      const wanted = state === 'applied' ? change?.written : change?.files
      const isThere = (wanted ?? []).map(({ path, content }) => hasContent(path, content))
      expect({ state, isThere: await Promise.all(isThere) }).toEqual({
        state,
        isThere: files.map(() => true),
      })
    }
  }
})
