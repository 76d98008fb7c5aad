import { localTime, type PrivateDaemon } from '@bangui/fail2ban'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'

/** What an attacker gives for a user name, as bytes of a log. */
const users: readonly (string | Buffer)[] = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '\u001b]0;owned\u0007\u001b[31mred\u001b[2J',
  '[app] Ban 6.6.6.6',
  '2026-01-01 00:00:00,000 fail2ban.actions        [1]: NOTICE  [app] Ban 6.6.6.7',
  'root\r\u00002026\u202egnp.exe\u2066',
  '=HYPERLINK("http://evil.example";"x")',
  Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x80]),
]

/** The address from which the attacker with a number comes. */
const from = (index: number) => `45.1.1.${index + 1}`

/** Lets attackers fail with their user names until each is banned. */
async function attack(daemon: PrivateDaemon, jail: string, logins = users): Promise<void> {
  const path = join(daemon.folder, 'logs', `${jail}.log`)
  for (let attempt = 0; attempt < 3; attempt += 1)
    for (const [index, user] of logins.entries()) {
      const before = `${localTime(new Date())} host app[1]: Failed login for `
      await appendFile(
        path,
        Buffer.concat([before, user, ` from ${from(index)}\n`].map((part) => Buffer.from(part))),
      )
    }
}

const attackers = users.map((_user, index) => from(index)).toSorted()
const unwanted = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** An action that fails, and whose command, which fail2ban then logs whole, has the attackers' lines in it. */
async function addFailingAction(daemon: PrivateDaemon): Promise<void> {
  const folder = join(daemon.configDir, 'action.d')
  await mkdir(folder, { recursive: true })
  const action = '[Definition]\nactionban = printf "%%s" "<matches>" >&2\n            exit 1\nactionunban =\n'
  await writeFile(join(folder, 'failing.conf'), action)
}

describe('lines that attackers made', { concurrent: true }, () => {
  it('ban those who made them and nobody else, and are kept as text that does nothing', async () => {
    await using day = await createBadDay()
    const { api, inForce, history, reconcile } = await day.start()
    await attack(day.daemon, 'app')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(attackers))
    const linesOf = async (address: string) => (await api.history.address.query({ address })).lines
    await eventually(async () => {
      await reconcile()
      for (const address of attackers) expect(await linesOf(address)).toHaveLength(3)
    })
    expect((await history()).map(({ address }) => address).toSorted()).toEqual(attackers)
    for (const address of attackers)
      for (const line of await linesOf(address)) {
        expect(line).not.toMatch(unwanted)
        expect(line).toContain(`from ${address}`)
      }
    expect((await linesOf(from(0)))[0]).toContain('<script>alert(1)</script>')
  })

  it('as long as a megabyte ban as well, and what is kept of them is short', async () => {
    await using day = await createBadDay()
    const { api, inForce } = await day.start()
    await attack(day.daemon, 'app', ['y'.repeat(1_000_000)])
    await eventually(async () => expect(await inForce()).toEqual([from(0)]))
    await day.ban('web', '45.9.9.9')
    await eventually(async () => expect(await inForce()).toHaveLength(2))
    const detail = await api.history.address.query({ address: from(0) })
    expect(JSON.stringify(detail).length).toBeLessThan(20_000)
  })

  it('that a failing action puts into fail2ban’s own log are no events either; the failure is emitted', async () => {
    const jails = [{ name: 'app', bantime: '1h', options: { action: 'failing' } }]
    await using day = await createBadDay({ jails, prepare: addFailingAction })
    const { api, runtime, inForce, history, reconcile } = await day.start()
    const told: unknown[] = []
    const subscription = api.events.watch.subscribe(undefined, { onData: ({ data }) => told.push(data) })
    await attack(day.daemon, 'app')
    await eventually(async () => expect((await inForce()).toSorted()).toEqual(attackers))
    await eventually(() =>
      expect(told).toContainEqual(
        expect.objectContaining({ type: 'action.failed', jail: 'app', action: 'failing' }),
      ),
    )
    expect(await readFile(day.daemon.logfile, 'utf8')).toContain('[app] Ban 6.6.6.7')
    subscription.unsubscribe()
    await reconcile()
    expect(told.filter((event) => (event as { type: string }).type === 'ban.added')).toHaveLength(
      users.length,
    )
    expect((await history()).map(({ address }) => address).toSorted()).toEqual(attackers)
    expect(runtime()?.watching.events).toMatchObject({ state: 'following', message: null })
  })

  it('that give fail2ban the name of what to ban cannot make a formula of it, nor a path', async () => {
    const failregex = '^.*Failed login for <F-ID>.+</F-ID> from \\S+$'
    const jails = [{ name: 'app', bantime: '1h', failregex, maxretry: 1 }]
    await using day = await createBadDay({ jails })
    const { api, download, inForce, reconcile } = await day.start()
    const ids = ['=1+1', '+SUM(1)', '@x', '-2', '%2e', 'a;b|c&d', '“q”']
    for (const id of ids) await attack(day.daemon, 'app', [id])
    await eventually(async () => {
      await reconcile()
      expect((await inForce()).toSorted()).toEqual(ids.toSorted())
    })
    for (const address of ids)
      expect(await api.history.address.query({ address })).toMatchObject({ address, kind: 'unknown' })
    const csv = await download('history.csv')
    const cells = csv.split(/\r?\n/).flatMap((line) => line.split(','))
    expect(cells.filter((cell) => /^"?[=+@\t]|^"?-\D/.test(cell))).toEqual([])
    expect(csv).toContain("'=1+1")
  })
})
