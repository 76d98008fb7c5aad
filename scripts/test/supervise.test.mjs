import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'

const supervise = fileURLToPath(new URL('../lib/supervise.mjs', import.meta.url))
const patience = { timeout: 8_000, interval: 20 }

/** Writes down the signals that it gets, and ends with code 7 half a second after the first, as a server that closes. */
const server = `
  import { appendFileSync } from 'node:fs'
  const note = (text) => appendFileSync(process.argv[2], text + '\\n')
  let closing
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    note(signal)
    closing ??= setTimeout(() => { note('closed'); process.exit(7) }, 500)
  })
  setInterval(() => undefined, 1000)
  note('started')
`
const supervisor = `
  import { spawn } from 'node:child_process'
  import { supervise } from ${JSON.stringify(supervise)}
  const [, , server, notes] = process.argv
  process.exit(await supervise([spawn(process.execPath, [server, notes], { stdio: 'inherit' })]))
`
/** Starts the supervisor as its child, and leaves it alone. */
const parent = `
  import { spawn } from 'node:child_process'
  spawn(process.execPath, process.argv.slice(2), { stdio: 'ignore' })
  setInterval(() => undefined, 1000)
`

let notes
let files

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'supervise-'))
  notes = join(folder, 'notes')
  files = {
    server: join(folder, 'server.mjs'),
    supervisor: join(folder, 'supervisor.mjs'),
    parent: join(folder, 'parent.mjs'),
  }
  await writeFile(files.server, server)
  await writeFile(files.supervisor, supervisor)
  await writeFile(files.parent, parent)
  return () => rm(folder, { recursive: true, force: true })
})

const readNotes = async () => (await readFile(notes, 'utf8').catch(() => '')).trim().split('\n')

async function start(args) {
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.on('exit', (code) => resolve(code)))
  await vi.waitFor(async () => expect(await readNotes()).toEqual(['started']), patience)
  return { child, ended }
}

test('a signal is forwarded, the server closes in its own time, and its exit code is passed on', async () => {
  const { child, ended } = await start([files.supervisor, files.server, notes])
  child.kill('SIGINT')
  expect(await ended).toBe(7)
  expect(await readNotes()).toEqual(['started', 'SIGINT', 'closed'])
})

test('a second signal is forwarded too', async () => {
  const { child, ended } = await start([files.supervisor, files.server, notes])
  child.kill('SIGINT')
  await vi.waitFor(async () => expect(await readNotes()).toContain('SIGINT'), patience)
  child.kill('SIGTERM')
  expect(await ended).toBe(7)
  expect(await readNotes()).toEqual(['started', 'SIGINT', 'SIGTERM', 'closed'])
})

test('when the process that started it is killed, the server is asked to stop, once', async () => {
  const { child, ended } = await start([files.parent, files.supervisor, files.server, notes])
  child.kill('SIGKILL')
  await ended
  await vi.waitFor(async () => expect(await readNotes()).toContain('closed'), patience)
  expect(await readNotes()).toEqual(['started', 'SIGTERM', 'closed'])
})
