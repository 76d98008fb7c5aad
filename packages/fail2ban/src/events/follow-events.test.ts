import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OfflineReason } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { createDaemonClocks } from '../daemon-time/daemon-clocks.ts'
import { Fail2banUnavailableError } from '../errors.ts'
import type { HostEventBatch } from '../models/daemon-models.ts'
import { followEvents } from './follow-events.ts'

const now = Date.UTC(2026, 0, 1, 12)

/** A line as fail2ban writes it, some milliseconds before now. */
function line(logger: string, message: string, ago = 0): string {
  const at = new Date(now - ago)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  return `${day} ${time},000 fail2ban.${logger.padEnd(15)}[4194305]: NOTICE  ${message}\n`
}

const unban = (ago = 0) => line('actions', '[app] Unban 203.0.113.1', ago)
const otherBan = line('actions', '[web] Ban 203.0.113.9')

interface Scene extends AsyncDisposable {
  readonly path: string
  /** how often the daemon was asked for its jails */
  asked(): number
  watch(position?: string | null): AsyncGenerator<HostEventBatch>
}

/** A log, and a daemon that is only the function which answers what jails it has. */
async function createScene(
  answer: (asked: number, path: string) => readonly string[] | Promise<string[]>,
): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-events-'))
  const path = join(folder, 'fail2ban.log')
  const settings: Record<string, unknown> = {
    logtarget: path,
    loglevel: 'INFO',
    dbfile: null,
    dbpurgeage: null,
  }
  const aborter = new AbortController()
  let asked = 0
  const connection = {
    connected: true,
    onConnectionEvent: () => () => undefined,
    close: () => Promise.resolve(),
    async request([command = '', name = '']: readonly string[]) {
      if (command === 'get') return settings[name]
      const jails = await answer(++asked, path)
      return [
        ['Number of jail', jails.length],
        ['Jail list', jails.join(', ')],
      ]
    },
  }
  await writeFile(path, '')
  return {
    path,
    asked: () => asked,
    watch: (position = null) =>
      followEvents(
        { connection, configDir: folder, clock: () => now, clocks: createDaemonClocks(folder) },
        { position, signal: aborter.signal },
      ),
    async [Symbol.asyncDispose]() {
      aborter.abort()
      await rm(folder, { recursive: true })
    },
  }
}

const unavailable = (reason: OfflineReason): never => {
  throw new Fail2banUnavailableError(reason, reason)
}

/** Takes batches until they are enough, and ends the watch. */
async function takeUntil(
  watch: AsyncGenerator<HostEventBatch>,
  isEnough: (batches: HostEventBatch[]) => boolean,
) {
  const batches: HostEventBatch[] = []
  for await (const batch of watch) {
    batches.push(batch)
    if (isEnough(batches)) break
  }
  return batches
}

/** As {@link takeUntil}, but the watch goes on. */
async function takeSome(
  watch: AsyncGenerator<HostEventBatch>,
  isEnough: (batches: HostEventBatch[]) => boolean,
) {
  const batches: HostEventBatch[] = []
  while (!isEnough(batches)) {
    const next = await watch.next()
    if (next.done === true) throw new Error('The watch ended.')
    batches.push(next.value)
  }
  return batches
}

const eventsOf = (batches: readonly HostEventBatch[]) => batches.flatMap(({ events }) => events)
const typesOf = (batches: readonly HostEventBatch[]) => eventsOf(batches).map(({ type }) => type)

describe('an unban at the end of the log', () => {
  it('is emitted when the daemon still has the jail', async () => {
    await using scene = await createScene(() => ['app'])
    await writeFile(scene.path, unban())
    const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 1)
    expect(eventsOf(batches)).toEqual([{ type: 'unban', jail: 'app', address: '203.0.113.1', at: now }])
  })

  it('is none when what was logged before the answer shows a stop, though the jail is there again', async () => {
    await using scene = await createScene((_, path) => {
      appendFileSync(path, line('jail', "Jail 'app' stopped") + line('jail', "Jail 'app' started"))
      return ['app']
    })
    await writeFile(scene.path, unban())
    const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 3)
    expect(typesOf(batches)).toEqual(['suspended', 'jail', 'jail'])
  })

  it('is none however the answer and what was logged before it fall together', async () => {
    const stop = line('jail', "Jail 'app' stopped") + line('jail', "Jail 'app' started")
    const ticks = async (count: number) => {
      for (let tick = 0; tick < count; tick++) await new Promise((resolve) => void setImmediate(resolve))
    }
    await using scene = await createScene(async (asked, path) => {
      // a line makes the watch read, so that the answer meets its reading at any of the steps
      await ticks(3)
      appendFileSync(path, '\n')
      await ticks(asked % 30)
      appendFileSync(path, stop)
      return ['app']
    })
    const watched = scene.watch()
    for (let round = 0; round < 120; round++) {
      appendFileSync(scene.path, unban())
      const batches = await takeSome(watched, (taken) => eventsOf(taken).length >= 3)
      expect(typesOf(batches)).toEqual(['suspended', 'jail', 'jail'])
    }
  })

  it('is none for ever when the daemon no longer had the jail', async () => {
    await using scene = await createScene((asked) => (asked === 1 ? [] : ['app']))
    await writeFile(scene.path, unban())
    const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 1)
    expect(typesOf(batches)).toEqual(['suspended'])
    appendFileSync(scene.path, otherBan)
    const again = await takeUntil(
      scene.watch(batches.at(-1)?.position),
      (taken) => eventsOf(taken).length === 1,
    )
    expect(eventsOf(again)).toMatchObject([{ type: 'ban', jail: 'web' }])
  })

  it('waits for a busy daemon, and other jails do not', async () => {
    await using scene = await createScene((asked, path) => {
      if (asked === 1) {
        appendFileSync(path, otherBan)
        unavailable('timeout')
      }
      return ['app']
    })
    await writeFile(scene.path, unban())
    const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 2)
    expect(typesOf(batches)).toEqual(['ban', 'unban'])
    expect(scene.asked()).toBe(2)
  })

  it.each(['refused', 'socket_missing'] as const)('is a stop when the connection is %s', async (reason) => {
    await using scene = await createScene(() => unavailable(reason))
    await writeFile(scene.path, unban())
    const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 1)
    expect(typesOf(batches)).toEqual(['suspended'])
  })

  it.each(['refused', 'permission_denied'] as const)(
    'is told when nothing followed it for long and the daemon is %s',
    async (reason) => {
      await using scene = await createScene(() => unavailable(reason))
      await writeFile(scene.path, unban(61_000))
      const batches = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 1)
      expect(typesOf(batches)).toEqual(['unban'])
    },
  )

  it('is emitted once, though BanGUI ended while the unban was held', async () => {
    await using scene = await createScene((asked) => (asked < 3 ? unavailable('timeout') : ['app']))
    await writeFile(scene.path, unban() + otherBan)
    const before = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 1)
    const after = await takeUntil(
      scene.watch(before.at(-1)?.position),
      (taken) => eventsOf(taken).length === 1,
    )
    expect([...typesOf(before), ...typesOf(after)]).toEqual(['ban', 'unban'])
  })
})

describe('a long log', () => {
  const bans = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const number = from + index
      return line('actions', `[app] Ban 10.0.${number >> 8}.${number & 255}`)
    }).join('')

  it('comes in batches of at most 500, each with a place to go on from', async () => {
    await using scene = await createScene(() => ['app'])
    await writeFile(scene.path, bans(0, 3000))
    const whole = await takeUntil(scene.watch(), (taken) => eventsOf(taken).length === 3000)
    expect(Math.max(...whole.map(({ events }) => events.length))).toBeLessThanOrEqual(500)
    expect(whole[0]?.status.state).toBe('catching_up')
    let position: string | null = null
    const resumed: HostEventBatch[] = []
    while (eventsOf(resumed).length < 3000) {
      const [batch] = await takeUntil(scene.watch(position), (taken) => eventsOf(taken).length > 0)
      if (!batch) throw new Error('The watch ended.')
      resumed.push(batch)
      position = batch.position
    }
    expect(eventsOf(resumed)).toEqual(eventsOf(whole))
  })

  it('is read from its beginning when the position is none', async () => {
    await using scene = await createScene(() => ['app'])
    await writeFile(scene.path, bans(0, 3))
    const batches = await takeUntil(scene.watch('no position'), (taken) => eventsOf(taken).length === 3)
    expect(typesOf(batches)).toEqual(['ban', 'ban', 'ban'])
  })
})
