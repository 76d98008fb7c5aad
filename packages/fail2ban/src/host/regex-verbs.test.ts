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
