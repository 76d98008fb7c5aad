import { createSimulator } from '@bangui/fail2ban'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { runBangui, startBangui, type BanguiOptions } from './bangui-process.ts'
import { eventually } from './eventually.ts'
import { latestRuntime } from './latest-runtime.ts'

const NOBODY = 65_534

let folder: string
let path: string
let environment: Record<string, string>

beforeEach(async () => {
  folder = await mkdtemp('/tmp/bangui-')
  path = join(folder, 'data', 'bangui.db')
  await mkdir(join(folder, 'data'), { mode: 0o700 })
  environment = {
    BANGUI_DATA_DIR: join(folder, 'data'),
    BANGUI_FAIL2BAN_SOCKET: join(folder, 'f2b.sock'),
    BANGUI_FAIL2BAN_CONFIG_DIR: join(folder, 'config'),
    ...unattended,
  }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** A start that fails: one sentence, no stack, and an exit code that a supervisor understands. */
async function refusedStart(options: BanguiOptions = {}, expectedCode = 2): Promise<string> {
  const { code, output } = await runBangui(environment, options)
  expect(code).toBe(expectedCode)
  const [, sentence = ''] = output.split('BanGUI did not start')
  expect(sentence.trim().split('\n')).toHaveLength(1)
  expect(output).not.toMatch(/\n\s+at |SqliteError|SQLITE_/)
  return sentence
}

describe('a database that cannot be used', () => {
  it('because it is something else stops the start, and stays as it is', async () => {
    await writeFile(path, 'a diary, and no database at all\n'.repeat(100))
    expect(await refusedStart()).toMatch(
      /bangui\.db is not a database of BanGUI, or is damaged: move it away/,
    )
    expect(await readFile(path, 'utf8')).toMatch(/^a diary/)
  })

  it('because a newer BanGUI wrote it stops the start, and stays as it is', async () => {
    await using first = await startBangui(environment)
    expect(await first.kill('SIGTERM')).toBe(0)
    const newer = new DatabaseSync(path)
    newer.exec(`insert into migrations values (999, 'from the future', 1)`)
    newer.close()
    const before = await readFile(path)
    expect(await refusedStart()).toMatch(/written by a newer BanGUI: use that version.*version 999/)
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('because another program holds it stops the start', async () => {
    const other = new DatabaseSync(path)
    other.exec('begin exclusive')
    // which it may give up, so that another try is worth it
    expect(await refusedStart({}, 1)).toMatch(/Another program holds the database .*bangui\.db: end it/)
    other.close()
  })

  it('because it may not be written stops the start', async () => {
    new DatabaseSync(path).close()
    await writeFile(path, '')
    await chmod(folder, 0o755)
    await chmod(join(folder, 'data'), 0o755)
    await chmod(path, 0o444)
    // whoever runs the tests: root may write whatever the modes say
    const options = process.getuid?.() === 0 ? { uid: NOBODY } : {}
    expect(await refusedStart(options)).toMatch(
      /The data folder .*data|The database .*bangui\.db cannot be written|may not open the database/,
    )
  })

  it('because its folder belongs to somebody else stops the start', async () => {
    if (process.getuid?.() !== 0) await chmod(join(folder, 'data'), 0o000)
    else await chown(folder, 0, 0)
    const options = process.getuid?.() === 0 ? { uid: NOBODY } : {}
    expect(await refusedStart(options)).toMatch(
      /The data folder .*data|BanGUI may not open the database .*: give the user that it runs as access/,
    )
    await chmod(join(folder, 'data'), 0o700)
  })
})

describe('a database that cannot be used for a while', () => {
  it('is reported by the health check, while the live state goes on, and loses nothing', async () => {
    await using simulator = await createSimulator({
      socketPath: join(folder, 'f2b.sock'),
      jails: [{ name: 'sshd' }],
    })
    await using bangui = await startBangui(environment)
    const { api, cookie } = await signIn(bangui.url)
    using live = watchLive(api)
    const status = () => latestRuntime(live)?.serverStatus
    const health = async () => (await fetch(`${bangui.url}api/health`)).status
    await eventually(() => expect(status()).toMatchObject({ online: true }))
    expect(await health()).toBe(200)

    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    await eventually(async () => expect(await health()).toBe(503))
    const refused = await fetch(`${bangui.url}trpc/settings.update`, {
      method: 'POST',
      headers: { cookie, origin: new URL(bangui.url).origin, 'content-type': 'application/json' },
      body: JSON.stringify({ probeIntervalSeconds: 20 }),
    })
    expect(refused.status).toBe(503)
    expect(await refused.text()).toMatch(
      /database_unavailable.*Another program holds|Another program holds.*database_unavailable/,
    )
    await simulator.kill()
    await eventually(() => expect(status()).toMatchObject({ online: false }))

    other.exec('rollback')
    other.close()
    await eventually(async () => expect(await health()).toBe(200))
    const stored = () => {
      const reader = new DatabaseSync(path, { readOnly: true })
      const row = reader.prepare('select online from runtime_state').get()
      reader.close()
      return row?.['online']
    }
    await eventually(() => expect(stored()).toBe(0))
  })

  it('because it was emptied is reported by the health check and by every request', async () => {
    await using first = await startBangui(environment)
    // all is in the file then, and nothing in its write-ahead log
    expect(await first.kill('SIGTERM')).toBe(0)
    await using bangui = await startBangui(environment)
    const { cookie } = await signIn(bangui.url)
    const health = async () => (await fetch(`${bangui.url}api/health`)).status
    expect(await health()).toBe(200)
    await truncate(path, 0)
    await eventually(async () => expect(await health()).toBe(503))
    // SQLite answers from its memory what it has read before
    const refused = await eventually(async () => {
      const answer = await fetch(`${bangui.url}trpc/settings.update`, {
        method: 'POST',
        headers: { cookie, origin: new URL(bangui.url).origin, 'content-type': 'application/json' },
        body: JSON.stringify({ probeIntervalSeconds: 20 }),
      })
      expect(answer.status).not.toBe(200)
      return answer
    })
    expect([refused.status, await refused.text()]).toEqual([
      503,
      expect.stringMatching(/database_unavailable.*is damaged|is damaged.*database_unavailable/),
    ])
  })
})
