import { appendFile, rename, writeFile } from 'node:fs/promises'
import type { HostEvent } from '@bangui/shared'
import { expect, test, vi } from 'vitest'
import { createTestHost, type TestHost } from '../../test/with-host.ts'
import type { HostEventBatch } from '../models/daemon-models.ts'
import type { Fail2banHost } from '../host.ts'

interface Watch extends AsyncDisposable {
  readonly batches: readonly HostEventBatch[]
  texts(): string[]
  /** Waits until the watch has told this; gives all that it told until then. */
  until(text: string): Promise<string[]>
  stop(): Promise<void>
}

function watch(host: Fail2banHost, position: string | null = null): Watch {
  const aborter = new AbortController()
  const batches: HostEventBatch[] = []
  const run = async () => {
    for await (const batch of host.events.follow({ position, signal: aborter.signal })) batches.push(batch)
  }
  const running = run()
  const texts = () => batches.flatMap(({ events }) => events.map(tell))
  const stop = async () => {
    aborter.abort()
    await running
  }
  return {
    batches,
    texts,
    until: (text) =>
      vi.waitFor(
        () => {
          const told = texts()
          if (!told.includes(text)) throw new Error(`“${text}” is not in:\n${told.join('\n')}`)
          return told
        },
        { timeout: 20_000, interval: 10 },
      ),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function tell(event: HostEvent): string {
  switch (event.type) {
    case 'ban':
      return `${event.restored ? 'restored' : 'ban'} ${event.jail} ${event.address}`
    case 'jail':
      return `${event.jail} ${event.change}`
    case 'daemon':
      return event.online ? 'daemon online' : 'daemon offline'
    case 'bantime':
    case 'shutdown':
      return event.type
    default:
      return `${event.type} ${event.jail} ${'address' in event ? event.address : ''}`
  }
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `198.18.1.${index}`)
const count = (texts: readonly string[], start: string) =>
  texts.filter((text) => text.startsWith(start)).length

const start = async (at: TestHost) => {
  await at.daemon.start()
  return watch(at.host)
}

test('bans and unbans are emitted as they happen', async () => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await watched.until('web started')
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.1')
  await watched.until('ban app 203.0.113.1')
  await at.daemon.ask('set', 'app', 'unbanip', '203.0.113.1')
  await watched.until('unban app 203.0.113.1')
  await at.daemon.ask('set', 'web', 'banip', '203.0.113.2', '2001:DB8::1')
  await watched.until('ban web 2001:db8::1')
  await at.daemon.client('unban', '--all')
  const told = await watched.until('unban web 2001:db8::1')
  expect(told).toContain('unban web 203.0.113.2')
  expect(watched.batches.at(-1)?.status).toEqual({
    kind: 'file',
    state: 'following',
    path: at.daemon.logfile,
    message: null,
  })
})

test('failures, the ban that they cause, and its expiry are emitted in their order', async () => {
  await using at = await createTestHost({ jails: [{ name: 'short', bantime: 3, maxretry: 2 }] })
  await using watched = await start(at)
  await watched.until('short started')
  await at.daemon.logFailure('short', '203.0.113.7', 'Ban 9.9.9.9')
  await at.daemon.logFailure('short', '203.0.113.7', '<b>\u001b[31m')
  const told = await watched.until('unban short 203.0.113.7')
  expect(told.slice(told.indexOf('failure short 203.0.113.7'))).toEqual([
    'failure short 203.0.113.7',
    'failure short 203.0.113.7',
    'ban short 203.0.113.7',
    'unban short 203.0.113.7',
  ])
})

test('a restart with 200 bans emits no unban, and each ban as restored once', async () => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await at.daemon.ask('set', 'app', 'banip', ...addresses(200))
  await watched.until('ban app 198.18.1.199')
  await at.daemon.client('restart')
  await vi.waitFor(() => expect(count(watched.texts(), 'restored app')).toBe(200), { timeout: 20_000 })
  await at.daemon.stop()
  await vi.waitFor(() => expect(count(watched.texts(), 'daemon offline')).toBe(2), { timeout: 20_000 })
  expect(count(watched.texts(), 'unban')).toBe(0)
})

test.each([
  ['stopped', ['stop', 'app'], 'app stopped'],
  ['restarted by a reload', ['reload', '--restart', 'app'], 'restored app 198.18.1.29'],
])('a jail that is %s unbans nobody', async (_, command, sign) => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await at.daemon.ask('set', 'app', 'banip', ...addresses(30))
  await watched.until('ban app 198.18.1.29')
  await at.daemon.client(...command)
  await watched.until(sign)
  await at.daemon.ask('set', 'web', 'banip', '203.0.113.9')
  expect(count(await watched.until('ban web 203.0.113.9'), 'unban')).toBe(0)
})

test('a daemon that logs no more than bans and unbans is not misunderstood', async () => {
  await using at = await createTestHost()
  await writeFile(`${at.daemon.configDir}/fail2ban.local`, '[Definition]\nloglevel = NOTICE\n')
  await using watched = await start(at)
  await at.daemon.ask('set', 'app', 'banip', ...addresses(20))
  await watched.until('ban app 198.18.1.19')
  await at.daemon.ask('set', 'app', 'unbanip', '198.18.1.0')
  await watched.until('unban app 198.18.1.0')
  await at.daemon.ask('stop', 'app')
  await at.daemon.ask('set', 'web', 'banip', '203.0.113.9')
  await watched.until('ban web 203.0.113.9')
  await at.daemon.client('restart')
  await watched.until('restored web 203.0.113.9')
  expect(watched.texts().filter((text) => text.startsWith('unban'))).toEqual(['unban app 198.18.1.0'])
})

test('rotation by logrotate and by fail2ban, and a log that moves, lose nothing', async () => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.1')
  // a log that was never read is read from its beginning, not from those before it
  await watched.until('ban app 203.0.113.1')
  await rename(at.daemon.logfile, `${at.daemon.logfile}.1`)
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.2')
  await at.daemon.ask('flushlogs')
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.3')
  await watched.until('ban app 203.0.113.3')
  await at.daemon.ask('flushlogs')
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.4')
  await watched.until('ban app 203.0.113.4')
  await at.daemon.ask('set', 'logtarget', `${at.daemon.folder}/other.log`)
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.5')
  const told = await watched.until('ban app 203.0.113.5')
  expect(told.filter((text) => text.startsWith('ban '))).toEqual(
    [1, 2, 3, 4, 5].map((last) => `ban app 203.0.113.${last}`),
  )
})

test('events after the position of any batch are emitted once', async () => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await at.daemon.ask('set', 'app', 'banip', ...addresses(250))
  await watched.until('ban app 198.18.1.0')
  await at.daemon.ask('set', 'web', 'banip', ...addresses(250))
  await at.daemon.ask('set', 'app', 'unbanip', ...addresses(20))
  await rename(at.daemon.logfile, `${at.daemon.logfile}.1`)
  await at.daemon.ask('flushlogs')
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.1')
  await at.daemon.client('restart')
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.2')
  const all = await watched.until('ban app 203.0.113.2')
  await vi.waitFor(() => expect(count(watched.texts(), 'restored')).toBe(231 + 250), { timeout: 20_000 })
  await watched.stop()
  const told = watched.texts()
  expect(count(all, 'unban')).toBe(20)
  let before = 0
  for (const batch of watched.batches) {
    expect(batch.events.length).toBeLessThanOrEqual(500)
    before += batch.events.length
    if (before === told.length) break
    await using again = watch(at.host, batch.position)
    await vi.waitFor(() => expect(again.texts().length).toBeGreaterThanOrEqual(told.length - before), {
      timeout: 20_000,
    })
    expect([...told.slice(0, before), ...again.texts()]).toEqual(told)
  }
})

test('a log that is missing is said to be, and followed once it is there', async () => {
  await using at = await createTestHost()
  await using watched = watch(at.host)
  await vi.waitFor(() => expect(watched.batches.at(-1)?.status.state).toBe('missing'))
  expect(watched.batches.at(-1)?.status.message).toContain(at.daemon.logfile)
  await at.daemon.start()
  await watched.until('app started')
  expect(watched.batches.at(-1)?.status.state).toBe('following')
})

test('a target that cannot be followed is said to be', async () => {
  await using at = await createTestHost()
  await writeFile(`${at.daemon.configDir}/fail2ban.local`, '[Definition]\nlogtarget = NOSUCH\n')
  await using watched = watch(at.host)
  await vi.waitFor(() => expect(watched.batches.at(-1)?.status.state).toBe('unsupported'))
  expect(watched.batches.at(-1)?.status.message).toContain('NOSUCH')
})

test('lines that attackers made are no events', async () => {
  await using at = await createTestHost()
  await using watched = await start(at)
  await watched.until('app started')
  const hostile = Buffer.concat([
    Buffer.from('2026-01-01 00:00:00,000 fail2ban.filter [1]: WARNING [app] x [app] Ban 6.6.6.6\n'),
    Buffer.from([0xff, 0xfe, 0x00, 0x0a]),
    Buffer.from(`${'z'.repeat(1_000_000)}\n`),
  ])
  await appendFile(at.daemon.logfile, hostile)
  await at.daemon.ask('set', 'app', 'banip', '203.0.113.1')
  const told = await watched.until('ban app 203.0.113.1')
  expect(told.filter((text) => text.startsWith('ban '))).toEqual(['ban app 203.0.113.1'])
})
