import { execFileSync } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A clock that programs have instead of the machine's when they are started with its environment. */
export interface OwnClock extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  /** Sets it; it runs on from there. */
  set(at: number): Promise<void>
  /** What it shows. */
  now(): number
}

/**
 * Python imports a module of this name when it starts. libfaketime 0.9.10 answers its `time.sleep` (clock_nanosleep with
 * a monotonic end) with EINVAL.
 */
const python = `import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
`

/** Where libfaketime is, as its own program says. */
function findLibrary(): string {
  const variables = execFileSync('faketime', ['-f', '+0', 'env'], { encoding: 'utf8' })
  return /^LD_PRELOAD=(.+)$/m.exec(variables)?.[1]?.replace('libfaketime.so', 'libfaketimeMT.so') ?? ''
}

/** Creates a clock that shows `at` (epoch milliseconds) now. */
export async function createOwnClock(at: number): Promise<OwnClock> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-clock-'))
  const file = join(folder, 'offset')
  let offset = 0
  const set = async (time: number) => {
    offset = time - Date.now()
    await writeFile(`${file}.new`, `${offset < 0 ? '' : '+'}${offset / 1000}`)
    await rename(`${file}.new`, file)
  }
  await set(at)
  await writeFile(join(folder, 'sitecustomize.py'), python)
  return {
    environment: {
      PYTHONPATH: folder,
      LD_PRELOAD: findLibrary(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // what a program waits for takes its time, and files have the times that they have
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
    now: () => Date.now() + offset,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
