import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A clock that programs of Python and Node have instead of the machine's when they are started with its environment. */
export interface OwnClock extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>
  /** Sets it; it runs on from there. */
  set(at: number): Promise<void>
  /** What it shows. */
  now(): number
}

/** Python imports a module of this name when it starts. */
const python = (file: string) => `import time
real = time.time
def offset():
    with open(${JSON.stringify(file)}) as file:
        return float(file.read())
time.time = lambda: real() + offset() / 1000
`

const node = (file: string) => `import { readFileSync } from 'node:fs'
const Real = Date
const now = () => Real.now() + Number(readFileSync(${JSON.stringify(file)}, 'utf8'))
globalThis.Date = class extends Real {
  static now = now
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts))
  }
}
`

/** Creates a clock that shows `at` (epoch milliseconds) now, in a zone. */
export async function createOwnClock(at: number, zone: string): Promise<OwnClock> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-clock-'))
  const file = join(folder, 'offset')
  const preload = join(folder, 'clock.mjs')
  let offset = 0
  const set = async (time: number) => {
    offset = time - Date.now()
    await writeFile(`${file}.new`, String(offset))
    await rename(`${file}.new`, file)
  }
  await set(at)
  await writeFile(join(folder, 'sitecustomize.py'), python(file))
  await writeFile(preload, node(file))
  return {
    environment: { PYTHONPATH: folder, NODE_OPTIONS: `--import=${preload}`, TZ: zone },
    set,
    now: () => Date.now() + offset,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
