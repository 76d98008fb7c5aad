import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { signIn, unattended, type ApiClient } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

const OFFICE = '203.0.113.0/24'
const GUEST = '198.51.100.7'

const before = '[DEFAULT]\nignoreip = 127.0.0.1/8, ::1 ; us\n[web]\nignoreip = 192.0.2.1\n'

async function setUp() {
  const stack = new AsyncDisposableStack()
  const jails = [{ name: 'app', maxretry: 2 }, { name: 'web' }, { name: 'off', enabled: false }]
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  const inFolder = (file: string) => join(daemon.configDir, file)
  await writeFile(inFolder('jail.local'), before)
  await daemon.start()
  const environment: Record<string, string> = { ...environmentOf(daemon), ...unattended }
  const start = async (more: Record<string, string> = {}) => {
    const bangui = stack.use(await startBangui({ ...environment, ...more }, { program: wired }))
    const { api } = await signIn(bangui.url)
    await eventually(async () => expect((await api.server.status.query()).online).toBe(true))
    return { bangui, api }
  }
  const ignored = async (jail: string) => JSON.stringify(await daemon.ask('get', jail, 'ignoreip'))
  const read = (file: string) => readFile(inFolder(file), 'utf8')
  return {
    daemon,
    environment,
    inFolder,
    start,
    ignored,
    read,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const entryOf = async (api: ApiClient['api'], address: string) =>
  (await api.ignores.list.query()).find((entry) => entry.address === address && entry.source === 'bangui')

it('the allow list holds at once and lasts, through loads by others and restarts of both programs, until its entries end', async () => {
  await using at = await setUp()
  const first = await at.start()
  const { api } = first
  await api.bans.ban.mutate({ jail: 'app', addresses: ['203.0.113.77'] })
  await eventually(async () => expect((await api.bans.list.query()).total).toBe(1))
  const week = Date.now() + 7 * 86_400_000
  const added = await api.ignores.add.mutate({
    address: OFFICE,
    note: 'office',
    unban: true,
    operationId: 'office',
  })
  expect(added).toMatchObject({ covered: 1, unbanned: 1, jails: ['app', 'web'], lasts: true, problems: [] })
  await api.ignores.add.mutate({ address: GUEST, jail: 'app', expiresAt: week })
  await expect(api.ignores.add.mutate({ address: '203.0.113.9/24' })).rejects.toThrow(
    /already has 203\.0\.113\.0\/24/,
  )
  await expect(api.ignores.add.mutate({ address: '203.0.113.0/0' })).rejects.toThrow(/length 0/)
  await expect(api.ignores.add.mutate({ address: 'file:/etc/shadow' })).rejects.toThrow(/not an address/)

  expect(await at.read('jail.local')).toBe(before.replace('::1', `::1, ${OFFICE}`))
  expect(await at.read('jail.d/zz-bangui.local')).toMatch(
    /\[web\]\nignoreip = 203\.0\.113\.0\/24 %\(known\/ignoreip\)s\n/,
  )
  expect(await entryOf(api, OFFICE)).toMatchObject({
    note: 'office',
    by: 'admin',
    jail: null,
    holdsIn: ['app', 'web'],
    holdsSince: [{ jail: 'app' }, { jail: 'web' }],
    missingIn: [],
    lasts: true,
    problem: null,
    file: at.inFolder('jail.local'),
    line: 2,
  })
  expect(await entryOf(api, GUEST)).toMatchObject({
    jail: 'app',
    expiresAt: week,
    holdsIn: ['app'],
    lasts: true,
  })
  const others = (await api.ignores.list.query()).filter(({ source }) => source === 'config')
  expect(others).toMatchObject([
    { address: '127.0.0.0/8', jail: null, line: 2, holdsIn: ['app'] },
    { address: '::1', jail: null },
    { address: '192.0.2.1', jail: 'web', line: 4, holdsIn: ['web'] },
  ])

  expect(await api.bans.ban.mutate({ jail: 'app', addresses: ['203.0.113.78'] })).toMatchObject({
    refused: [{ reason: 'ignored', message: 'The allow list has 203.0.113.0/24, added by admin: “office”.' }],
  })
  for (let failure = 0; failure < 3; failure += 1) await at.daemon.logFailure('app', '203.0.113.79')
  await eventually(async () =>
    expect(await readFile(at.daemon.logfile, 'utf8')).toContain('Ignore 203.0.113.79'),
  )
  expect(await api.ignores.check.query({ address: GUEST })).toMatchObject({
    jails: [
      { jail: 'app', wouldBan: false, certain: true, reason: `The allow list has ${GUEST}, added by admin.` },
      { jail: 'off', wouldBan: false, reason: 'The jail is not running.' },
      {
        jail: 'web',
        wouldBan: true,
        certain: true,
        reason: expect.stringMatching(/^After 3 failures within 10m/),
      },
    ],
  })

  // a load by somebody else, of a configuration from which the entry was removed
  await writeFile(at.inFolder('jail.local'), before)
  expect((await at.daemon.client('reload', 'app')).code).toBe(0)
  await eventually(async () => expect(await at.ignored('app')).toContain(OFFICE))
  await eventually(async () =>
    expect(await entryOf(api, OFFICE)).toMatchObject({
      holdsIn: ['app', 'web'],
      lasts: false,
      problem: 'Somebody removed the entry from [DEFAULT] in fail2ban’s configuration.',
    }),
  )
  const { id = 0 } = (await entryOf(api, OFFICE)) ?? {}
  await api.ignores.remove.mutate({ id: id ?? 0, operationId: 'removed' })
  expect(await at.ignored('app')).not.toContain(OFFICE)
  expect(await at.read('jail.d/zz-bangui.local')).not.toContain(OFFICE)
  await api.operations.undo.mutate({ id: 'removed' })
  expect(await entryOf(api, OFFICE)).toMatchObject({ note: 'office', holdsIn: ['app', 'web'], lasts: true })

  await first.bangui.kill('SIGKILL')
  await at.daemon.stop()
  await at.daemon.start()
  expect(await at.ignored('app')).toContain(OFFICE)
  expect(await at.ignored('app')).toContain(GUEST)
  {
    using database = new DatabaseSync(join(at.environment['BANGUI_DATA_DIR'] ?? '', 'bangui.db'))
    database.exec(`update ignores set expires_at = ${Date.now() - 1} where address = '${GUEST}'`)
  }
  const second = await at.start()
  await eventually(async () => expect(await entryOf(second.api, GUEST)).toBeUndefined())
  expect(await at.ignored('app')).not.toContain(GUEST)
  expect(await at.read('jail.d/zz-bangui.local')).not.toContain(GUEST)
  expect(await entryOf(second.api, OFFICE)).toMatchObject({ holdsIn: ['app', 'web'], lasts: true })
  const { rows } = await second.api.operations.list.query({ kind: 'ignore.keep' })
  const title = `Ending the allow list entry ${GUEST}`
  // what somebody removed from the files may have been written again meanwhile
  expect(rows.filter((row) => row.title === title)).toMatchObject([
    {
      actor: { kind: 'system' },
      askedBy: ['admin'],
      state: 'done',
    },
  ])
  expect(await second.api.operations.undo.mutate({ id: 'office' })).toMatchObject({
    restored: 2,
    refused: [],
  })
  expect(await entryOf(second.api, OFFICE)).toBeUndefined()
  expect(await at.read('jail.local')).toBe(before)
  await eventually(async () =>
    expect((await second.api.bans.list.query()).rows).toMatchObject([{ address: '203.0.113.77' }]),
  )
  await second.api.ignores.add.mutate({ address: OFFICE })
  await second.bangui.kill('SIGTERM')

  const third = await at.start({ BANGUI_CONFIG_WRITE: 'off' })
  const files = await at.read('jail.local')
  const held = await third.api.ignores.add.mutate({ address: '2001:db8::9' })
  expect(held).toMatchObject({ jails: ['app', 'web'], lasts: false, problems: [/BANGUI_CONFIG_WRITE=off/] })
  expect(await at.read('jail.local')).toBe(files)
  expect(await third.api.ignores.status.query()).toMatchObject({ writable: false, offline: null })
  expect((await at.daemon.client('reload', 'web')).code).toBe(0)
  await eventually(async () => expect(await at.ignored('web')).toContain('2001:db8::9'))
  await third.bangui.kill('SIGTERM')

  const fourth = await at.start()
  await eventually(async () =>
    expect(await entryOf(fourth.api, '2001:db8::9')).toMatchObject({ lasts: true }),
  )
  const imported = await fourth.api.ignores.import.mutate({
    entries: [
      { address: '192.0.2.50' },
      { address: OFFICE },
      { address: '1.2.3.256' },
      { address: 'localhost' },
    ],
  })
  expect(imported).toMatchObject({ added: 2, existing: 1, refused: [{ address: '1.2.3.256' }], lasts: true })
  expect(await at.ignored('web')).toContain('localhost')
  for (const { id: each } of await fourth.api.ignores.list.query())
    if (each !== null) await fourth.api.ignores.remove.mutate({ id: each, force: true })
  expect(await at.read('jail.local')).toBe(before)
  await expect(at.read('jail.d/zz-bangui.local')).rejects.toThrow('ENOENT')
})
