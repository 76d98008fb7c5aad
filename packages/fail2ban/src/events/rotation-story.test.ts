import {
  copyFile,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLogFollower, type LogCursor } from './follow-log.ts'

/** A program that logs, and what others do to its log meanwhile. */
async function createLogger(path: string) {
  let file: FileHandle = await open(path, 'a')
  let isMoved = false
  let rotations = 0
  let unfinished = ''
  const lines: string[] = []
  const nextName = () => `${path}-${20_260_101 + rotations++}`
  let packed = 0
  return {
    lines,
    async line() {
      const text = unfinished || `${lines.length} is the number of this line`
      await file.appendFile(`${unfinished ? text.slice(10) : text}\n`)
      lines.push(text)
      unfinished = ''
    },
    async half() {
      if (unfinished) return
      unfinished = `${String(lines.length).padEnd(10)} was written in two pieces`
      await file.appendFile(unfinished.slice(0, 10))
    },
    /** what logrotate does first: the program goes on in the file that it has open */
    async move() {
      if (isMoved) return
      await rename(path, nextName())
      isMoved = true
    },
    /** what `flushlogs` makes the program do */
    async reopen() {
      if (!isMoved) return
      // it ends what it writes before
      if (unfinished) await this.line()
      await file.close()
      file = await open(path, 'a')
      isMoved = false
    },
    /** `copytruncate`, between two lines: fail2ban writes each at once */
    async copy() {
      if (isMoved || unfinished || (await stat(path)).size === 0) return
      await copyFile(path, nextName())
      await truncate(path)
    },
    /** what logrotate does with all but the newest of those that it rotated away */
    async pack() {
      if (packed + 1 >= rotations) return
      const name = `${path}-${20_260_101 + packed++}`
      const { atimeMs, mtimeMs } = await stat(name)
      await writeFile(`${name}.gz`, gzipSync(await readFile(name)))
      await utimes(`${name}.gz`, Math.floor(atimeMs) / 1000, Math.floor(mtimeMs) / 1000)
      await rm(name)
    },
    close: () => file.close(),
  }
}

/** A reader that can be ended and started again with what it had saved. */
function createReader(path: string) {
  let follower = createLogFollower(path)
  const lines: string[] = []
  return {
    lines,
    async read() {
      for (let found = await follower.read(); found; found = await follower.read()) lines.push(...found)
    },
    async readOnce() {
      lines.push(...((await follower.read()) ?? []))
    },
    async restart() {
      const cursor = JSON.stringify(follower.cursor() ?? null)
      await follower.close()
      follower = createLogFollower(path, (JSON.parse(cursor) as LogCursor | null) ?? undefined)
    },
    close: () => follower.close(),
  }
}

const turns = fc.array(
  fc.constantFrom(
    'line',
    'line',
    'line',
    'half',
    'move',
    'reopen',
    'copy',
    'pack',
    'read',
    'readOnce',
    'restart',
  ),
  { maxLength: 40 },
)

/** Stories that went wrong once, or easily could. */
const known: [('line' | 'half' | 'move' | 'reopen' | 'copy' | 'pack' | 'readOnce' | 'restart')[]][] = [
  [['half', 'readOnce', 'restart', 'line']],
  [['move', 'reopen', 'line', 'move', 'pack']],
  [['copy', 'move', 'readOnce', 'line', 'pack']],
  [['line', 'copy', 'line', 'readOnce', 'copy', 'pack']],
]

it('each line is read once and in its order, whatever is done to the log and to its reader', async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (story) => {
      const folder = await mkdtemp(join(tmpdir(), 'bangui-story-'))
      const path = join(folder, 'fail2ban.log')
      const logger = await createLogger(path)
      const reader = createReader(path)
      // what was never read before has no place to be found again
      await logger.line()
      await reader.read()
      for (const turn of story)
        await (turn === 'read' || turn === 'readOnce' || turn === 'restart' ? reader[turn]() : logger[turn]())
      await logger.reopen()
      await logger.line()
      await reader.read()
      await reader.close()
      await logger.close()
      await rm(folder, { recursive: true })
      expect(reader.lines).toEqual(logger.lines)
    }),
    { numRuns: 60, examples: known },
  )
})
