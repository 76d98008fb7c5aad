import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'

const failure = (address: string) => `2026-11-30 01:02:03 host app[1]: Failed login for root from ${address}`

describe('a test of regexes on a host', () => {
  it('uses the filter of a jail as the daemon gets it, on the end of its log', async () => {
    await using at = await createTestHost({
      jails: [
        {
          name: 'app',
          options: {
            ignoreregex: String.raw`from 192\.0\.2\.66$`,
            failregex: '%(known/failregex)s\n  ^.* used 90%% of quota from <HOST>$',
          },
        },
      ],
    })
    const log = join(at.daemon.folder, 'logs', 'app.log')
    await appendFile(
      log,
      `${failure('192.0.2.1')}\n${failure('192.0.2.66')}\nnothing\n2026-11-30 01:02:03 x used 90% of quota from 192.0.2.2\n`,
    )
    const test = await at.host.config.testRegex({ jail: 'app', log })
    expect(test.problem).toBeNull()
    expect(test.lines.map(({ outcome }) => outcome)).toEqual(['matched', 'ignored', 'missed', 'matched'])
    expect(test.lines[3]?.matched).toMatchObject({ regex: 1, address: '192.0.2.2' })
    const last = await at.host.config.testRegex({ jail: 'app', log, limit: 1 })
    expect(last.lines).toHaveLength(1)
    const refused = await at.host.config.testRegex({ jail: 'app', log: '/etc/passwd' })
    expect(refused).toMatchObject({ lines: [], problem: { kind: 'unreadable' } })
    await expect(at.host.config.testRegex({ jail: 'none', lines: ['x'] })).rejects.toMatchObject({
      code: 'jail_unknown',
    })
  })

  it('looks at the logs of a jail: which exist, may be read, and how many lines match now', async () => {
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    const folder = join(at.daemon.folder, 'logs')
    const log = join(folder, 'app.log')
    const paths = [log, join(folder, 'none.log'), '/etc/passwd', 'nonsense']
    const check = () => at.host.config.checkLogs({ paths, filter: { jail: 'app' } })
    await appendFile(log, `${failure('192.0.2.1')}\nnothing\n`)
    const [app, none, secret, nonsense] = await check()
    expect(app?.files).toMatchObject([
      { path: log, exists: true, problem: null, matches: { lines: 2, matched: 1 } },
    ])
    expect(app?.files[0]?.changedAt).toBeGreaterThan(0)
    expect(none?.files).toMatchObject([{ matches: null, size: null }])
    expect(secret?.files[0]).toMatchObject({ size: null, matches: null })
    expect(secret?.files[0]?.problem).toMatch(/BanGUI does not read it/)
    expect(nonsense?.files).toEqual([])
    // a log that grows keeps its number for a while, and its size is new at once
    await appendFile(log, `${failure('192.0.2.1')}\n`)
    const [grown] = await check()
    expect(grown?.files[0]?.size).toBeGreaterThan(app?.files[0]?.size ?? 0)
    expect(grown?.files[0]?.matches).toEqual({ lines: 2, matched: 1 })
    // entries of the journal are one more path; of those that no jail reads nothing is read
    const entries = '_SYSTEMD_UNIT=none.service'
    expect(await at.host.config.checkLogs({ paths: [], journal: entries, filter: { jail: 'app' } })).toEqual([
      {
        path: entries,
        more: 0,
        files: [
          {
            path: entries,
            exists: true,
            size: null,
            changedAt: null,
            problem: expect.stringMatching(/journal/),
            matches: null,
          },
        ],
      },
    ])
    await expect(at.host.config.checkLogs({ paths: Array(21).fill('/x') })).rejects.toMatchObject({
      code: 'invalid_argument',
    })
  })

  it('runs the tests that live with a filter', async () => {
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    const sample = { filter: 'app', mode: null, line: failure('2001:db8:0::1') }
    const samples = [
      { ...sample, id: 1, address: '2001:db8::1' },
      { ...sample, id: 2, address: '192.0.2.9' },
      { ...sample, id: 3, address: null },
      { ...sample, id: 4, line: 'nothing', address: null },
      { ...sample, id: 5, line: 'nothing', address: '192.0.2.1' },
    ]
    const results = await at.host.config.runFilterTests('app', samples)
    expect(results.map(({ passed }) => passed)).toEqual([true, false, false, true, false])
    expect(results[1]).toMatchObject({ found: '2001:db8::1', problem: null })
    const [gone] = await at.host.config.runFilterTests('gone', samples)
    expect(gone).toMatchObject({
      passed: false,
      problem: expect.stringContaining('There is no filter named gone'),
    })
  })

  it('refuses what no filter and no line can be', async () => {
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    for (const input of [
      { lines: ['x'] },
      { filter: '../jail', lines: ['x'] },
      { failregex: ['a\nb'], lines: ['x'] },
      { failregex: ['a'], lines: ['x\ny'] },
    ])
      await expect(at.host.config.testRegex(input)).rejects.toMatchObject({ code: 'invalid_argument' })
    expect(await at.host.config.listFilterModes('../../etc')).toEqual([])
  })

  it('ends when the signal aborts, and another test can run then', async () => {
    await using at = await createTestHost({ jails: [{ name: 'app' }] })
    const end = new AbortController()
    const slow = { failregex: ['^(a+)+b <HOST>$'], lines: ['a'.repeat(64)] }
    const first = at.host.config.testRegex(slow, { signal: end.signal })
    const second = at.host.config.testRegex({ jail: 'app', lines: ['x'] })
    end.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect(await second).toMatchObject({ problem: null, missed: 1 })
  })
})
