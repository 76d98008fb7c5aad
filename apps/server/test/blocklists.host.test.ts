import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { PrivateDaemon } from '@bangui/fail2ban'
import { describe, expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { many } from './ban-api.ts'
import { addCountingAction, countingJail, countsOf } from './counting-action.ts'
import { eventually } from './eventually.ts'
import { startListServer } from './list-server.ts'

/** Off: their actions would change the firewall of the machine. */
const firewallJails = [
  { name: 'ipset', enabled: false, options: { action: 'iptables-ipset-proto6' } },
  { name: 'nftables', enabled: false, options: { action: 'nftables' } },
]

/** Adds the actions to the configuration of a daemon: one that counts, and fail2ban's own of the {@link firewallJails}. */
async function addActions(daemon: PrivateDaemon): Promise<void> {
  await addCountingAction(daemon)
  for (const name of ['iptables', 'iptables-ipset', 'iptables-ipset-proto6', 'nftables'])
    await copyFile(`/etc/fail2ban/action.d/${name}.conf`, join(daemon.configDir, 'action.d', `${name}.conf`))
}

/** A real fail2ban whose actions count, a server of lists, and BanGUI started as often as a test wants. */
async function setUp({ pause = 0 } = {}) {
  await using started = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'bangui-lists-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  const server = started.use(await startListServer())
  const jails = ['lists', 'other'].map((name) => ({
    name,
    bantime: '1h',
    options: countingJail(folder, pause),
  }))
  const environment = { BANGUI_ALLOW_PRIVATE_URLS: '127.0.0.0/8' }
  const day = started.use(
    await createBadDay({ jails: [...jails, ...firewallJails], environment, prepare: addActions }),
  )
  const stack = started.move()
  const start = async () => {
    const bangui = await day.start()
    const { api } = bangui
    const following = async () =>
      expect((await api.server.status.query()).responding && bangui.runtime()?.watching.events.state).toBe(
        'following',
      )
    await eventually(following)
    const runs = (id: number) => api.blocklists.runs.query({ id })
    const ended = (id: number, runId?: number) =>
      eventually(async () => {
        const run = (await runs(id)).find((one) => runId === undefined || one.runId === runId)
        expect(run?.status).not.toBe('running')
        return run!
      })
    const run = async (id: number) => ended(id, (await api.blocklists.import.mutate({ id })).runId)
    const add = (path: string, over: { jail?: string; unbanRemoved?: boolean; schedule?: string } = {}) =>
      api.blocklists.add.mutate({ name: path, url: server.url(path), jail: 'lists', ...over })
    const find = async (id: number) => (await api.blocklists.list.query({})).find((one) => one.id === id)!
    /** The rows of a list, once the log has been read. */
    const inForce = (id: number, count: number) =>
      eventually(async () => expect((await find(id)).inForce).toBe(count))
    return { ...bangui, runs, run, ended, add, find, inForce }
  }
  const counts = (jail = 'lists') => countsOf(folder, jail)
  /** Each address was banned once in the action, and is banned. */
  const expectOnce = async (addresses: readonly string[], jail = 'lists') => {
    expect(new Set(await day.banned(jail))).toEqual(new Set(addresses))
    const noted = await counts(jail)
    expect([...noted].filter(([, count]) => count !== 1)).toEqual([])
    expect(noted.size).toBe(addresses.length)
  }
  return { ...day, server, start, counts, expectOnce, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Other public addresses than those of `many`. */
const manyMore = (count: number) =>
  Array.from({ length: count }, (_, index) => `46.${16 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`)

const listOf = (addresses: readonly string[]) => `# a list\n${addresses.join('\n')}\n`

describe('blocklists on a real fail2ban', { concurrent: true }, () => {
  it('are imported once, again where their bans have ended, and in turn: A, B, A', async () => {
    await using at = await setUp()
    const { api, add, run, find, inForce, reconcile } = await at.start()
    const [one, two, three] = [
      many(300).slice(0, 100),
      many(300).slice(50, 160),
      ['45.9.9.9', '2a01::1', '45.8.8.0/24'],
    ]
    at.server.lists.set('/a', listOf([...one, ...three, 'nonsense', '10.0.0.1', '127.0.0.2', '0.0.0.0/0']))
    const { id } = await add('/a')
    expect(await api.blocklists.preview.mutate({ id })).toMatchObject({
      look: { format: 'plain' },
      wouldBan: 103,
      already: 0,
      invalid: 1,
      skipped: { private: 1, loopback: 1, too_wide: 1, allowed: 0 },
      networks: { count: 1, ipv4Addresses: 256 },
      cost: null,
    })
    expect(await run(id)).toMatchObject({
      status: 'completed',
      total: 106,
      banned: 103,
      already: 0,
      invalid: 1,
      skipped: 3,
      by: 'admin',
    })
    await at.expectOnce([...one, ...three])
    await inForce(id, 103)
    const { rows } = await api.bans.list.query({ origin: `blocklist:${id}`, limit: 1 })
    expect(rows[0]).toMatchObject({ by: { kind: 'blocklist', name: '/a', list: id }, reason: null })

    // unchanged: one conditional request, and nothing else
    const before = at.server.requests.length
    expect(await run(id)).toMatchObject({ status: 'unchanged', banned: 0, already: 103, skipped: 3 })
    expect(at.server.requests.slice(before)).toEqual([{ path: '/a', conditional: true, status: 304 }])

    // another date in a comment is no other list
    at.server.lists.set(
      '/a',
      `# 2026\n${listOf([...three, ...one, '10.0.0.1', '127.0.0.2', '0.0.0.0/0']).replaceAll('\n', '\r\n')}`,
    )
    expect(await run(id)).toMatchObject({ status: 'unchanged' })

    // a ban that has ended is made again
    await at.unban('lists', '45.9.9.9')
    await inForce(id, 102)
    expect(await run(id)).toMatchObject({ status: 'completed', banned: 1, already: 102 })
    expect((await at.counts()).get('ban 45.9.9.9')).toBe(2)

    // B, then A again
    at.server.lists.set('/a', listOf(two))
    expect(await run(id)).toMatchObject({ status: 'completed', banned: 60, already: 50 })
    at.server.lists.set('/a', listOf([...one, ...three]))
    expect(await run(id)).toMatchObject({ status: 'completed', banned: 0, already: 103 })
    await api.blocklists.update.mutate({ id, unbanRemoved: true })
    at.server.lists.set('/a', listOf(one.slice(0, 60)))
    await reconcile()
    expect(await run(id)).toMatchObject({ status: 'completed', banned: 0, already: 60, unbanned: 103 })
    expect(new Set(await at.banned('lists'))).toEqual(new Set(one.slice(0, 60)))

    // suspiciously short: held back until somebody confirms it
    at.server.lists.set('/a', listOf(one.slice(0, 5)))
    expect(await run(id)).toMatchObject({ status: 'held', total: 5, banned: 0 })
    expect(await find(id)).toMatchObject({ held: { entries: 5, formerEntries: 60 }, inForce: 60 })
    expect(await run(id)).toMatchObject({ status: 'held' })
    const { runId } = await api.blocklists.confirm.mutate({ id })
    expect(
      await eventually(async () => {
        const [latest] = await api.blocklists.runs.query({ id, limit: 1 })
        expect(latest).toMatchObject({ runId, status: 'completed', unbanned: 55 })
        return latest
      }),
    ).toBeDefined()
    expect(await find(id)).toMatchObject({ held: null, entries: 5 })

    // what a network of another list covers stays banned
    at.server.lists.set('/b', listOf(['45.0.0.0/30']))
    const other = await add('/b')
    expect(await run(other.id)).toMatchObject({ status: 'completed', banned: 1 })
    expect(await api.blocklists.unban.mutate({ id })).toEqual({ unbanned: 1 })
    expect(new Set(await at.banned('lists'))).toEqual(new Set([...one.slice(0, 4), '45.0.0.0/30']))
    await api.blocklists.update.mutate({ id: other.id, enabled: false })
    expect(await api.blocklists.unban.mutate({ id })).toEqual({ unbanned: 4 })
    expect(await api.blocklists.unban.mutate({ id: other.id })).toEqual({ unbanned: 1 })
    expect(await at.banned('lists')).toEqual([])
  })

  it('of every kind say what is wrong with them, and what was imported last stays', async () => {
    await using at = await setUp()
    const { api, add, run, find } = await at.start()
    const good = many(30)
    const { id } = await add('/list')
    at.server.lists.set('/list', gzipSync(listOf(good)))
    expect(await run(id)).toMatchObject({ status: 'completed', banned: 30 })
    const faults: [string, Parameters<typeof at.server.lists.set>[1], RegExp][] = [
      ['HTML', '<!doctype html><title>Sign in</title>1.2.3.4', /web page \(HTML\)/],
      ['empty', '# nothing\n', /is empty/],
      ['no address', 'hello\nworld\n', /no address/],
      ['a bomb', gzipSync(Buffer.alloc(150 * 2 ** 20, '\n')), /larger than 128 MiB when it is unpacked/],
      ['damaged', gzipSync(listOf(many(5_000))).subarray(0, 900), /damaged, or ends too early/],
      [
        'a redirect for ever',
        (response) => void response.writeHead(302, { location: '/list' }).end(),
        /redirects more than 5 times/,
      ],
      [
        'a file',
        (response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
        /file: addresses/,
      ],
      [
        'the metadata of a cloud',
        (response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
        /not a public address/,
      ],
      [
        'larger than it may be',
        (response) => void response.writeHead(200, { 'content-length': 2 ** 31 }).write('1.2.3.4\n'),
        /larger than 128 MiB/,
      ],
      [
        'shorter than it says',
        (response) => {
          response.writeHead(200, { 'content-length': 500 })
          response.write(listOf(good), () => response.socket?.destroy())
        },
        /before the end of its answer/,
      ],
      ['an error', (response) => void response.writeHead(500).end(), /status 500/],
    ]
    for (const [what, reply, words] of faults) {
      at.server.lists.set('/list', reply)
      expect(await run(id), what).toMatchObject({
        status: 'failed',
        message: expect.stringMatching(words),
        banned: 0,
      })
      expect((await find(id)).lastError, what).toMatch(words)
    }
    await at.expectOnce(good)
    // what was wrong is over with the next good one
    at.server.lists.set('/list', gzipSync(listOf(good)))
    expect(await run(id)).toMatchObject({ status: 'unchanged' })
    expect(await find(id)).toMatchObject({ lastError: null, entries: 30 })
    // a jail that is gone: no run
    const gone = await add('/list', { jail: 'gone' })
    expect(gone.warnings).toMatchObject([{ code: 'jail_missing' }])
    const { warnings } = await add('/list', { jail: 'other', schedule: '6h' })
    expect(warnings).toEqual([
      {
        code: 'rarely_protects',
        message:
          'Bans of jail other last 1h, but up to 6h pass between two imports, so the addresses are not banned all the time. Import the list more often, or choose a jail with longer bans.',
      },
    ])
    await expect(api.blocklists.import.mutate({ id: gone.id })).rejects.toMatchObject({
      data: { reason: 'jail_unknown' },
    })
    expect(await api.blocklists.runs.query({ id: gone.id })).toEqual([])
    // until the jail for lists is set up
    const tried = { url: at.server.url('/list'), jail: 'other' }
    expect(await api.blocklists.preview.mutate(tried)).toMatchObject({ offersJail: true, warnings: [] })
    expect(await api.blocklists.setUpJail.mutate({})).toMatchObject({ applied: true })
    expect(await api.blocklists.preview.mutate(tried)).toMatchObject({ offersJail: false, warnings: [] })
    const { id: inOwnJail } = await add('/list', { jail: 'blocklists' })
    expect(await run(inOwnJail)).toMatchObject({ status: 'completed', banned: 30 })
    expect(await at.daemon.ask('get', 'blocklists', 'bantime')).toBe(14 * 86_400)
    expect(await at.daemon.ask('get', 'blocklists', 'logpath')).toEqual(['/dev/null'])
    await expect(api.blocklists.import.mutate({ id: 4_711 })).rejects.toMatchObject({
      data: { reason: 'not_found' },
    })
  })

  it('that three kill -9 cut off, and a restart of fail2ban, ban each address once', async () => {
    await using at = await setUp({ pause: 0.004 })
    const addresses = many(400)
    at.server.lists.set('/long', listOf(addresses))
    at.server.lists.set('/second', listOf(['46.1.1.1', '46.1.1.2']))
    let bangui = await at.start()
    const { id } = await bangui.add('/long')
    const second = await bangui.add('/second', { jail: 'other' })
    const { runId } = await bangui.api.blocklists.import.mutate({ id })
    // another one waits for its turn, and the same one is refused
    await bangui.api.blocklists.import.mutate({ id: second.id })
    await expect(bangui.api.blocklists.import.mutate({ id })).rejects.toMatchObject({
      data: { reason: 'list_importing' },
    })
    for (const reached of [50, 150, 250]) {
      await eventually(async () => expect((await at.banned('lists')).length).toBeGreaterThanOrEqual(reached))
      await bangui.bangui.kill('SIGKILL')
      // the import goes on with the version that it began with
      at.server.lists.set('/long', listOf(many(reached)))
      bangui = await at.start()
      await bangui.api.server.runJob.mutate({ name: 'blocklist_imports' })
    }
    expect(await bangui.ended(id, runId)).toMatchObject({ status: 'completed', total: 400 })
    await bangui.ended(second.id)
    await at.expectOnce(addresses)
    await at.expectOnce(['46.1.1.1', '46.1.1.2'], 'other')
    await bangui.inForce(id, 400)
    // what a ban of this jail costs was measured: a restart makes all of them again
    at.server.lists.set('/longer', listOf(manyMore(25_000)))
    const longer = { url: at.server.url('/longer'), jail: 'lists' }
    const { cost, restartSeconds, warnings } = await bangui.api.blocklists.preview.mutate(longer)
    expect(cost?.millisecondsPerBan).toBeGreaterThanOrEqual(4)
    expect(restartSeconds).toBe(Math.ceil((25_400 * (cost?.millisecondsPerBan ?? 0)) / 1_000))
    expect(warnings).toMatchObject([
      {
        code: 'slow_restart',
        message: expect.stringMatching(/^fail2ban makes all bans again .* takes about \d+/),
      },
    ])
    // one more, while fail2ban is restarted half-way
    const more = many(700).slice(400)
    at.server.lists.set('/long', listOf([...addresses, ...more]))
    const { runId: last } = await bangui.api.blocklists.import.mutate({ id })
    await eventually(async () => expect((await at.banned('lists')).length).toBeGreaterThanOrEqual(450))
    await at.daemon.stop()
    await at.startDaemon()
    const status = await eventually(async () => {
      await bangui.api.server.runJob.mutate({ name: 'blocklist_imports' })
      const [run] = await bangui.runs(id)
      expect(run).toMatchObject({ runId: last, status: 'completed' })
      return run
    })
    expect(status?.total).toBe(700)
    expect(new Set(await at.banned('lists'))).toEqual(new Set([...addresses, ...more]))
    const twice = [...(await at.counts())].filter(([what, count]) => what.startsWith('ban ') && count !== 1)
    expect(twice).toEqual([])
  })
})
