import type { Event, HealthCheckId, HealthCheckResult, HealthRunRequest } from '@bangui/shared'
import { healthChecks } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { failure } from '../../../test/fake-host.ts'
import { problemOf, resultOf } from '../../../test/health-results.ts'
import { createCaller } from '../../router.ts'
import { createHealth } from './health.ts'

type Says = Partial<Record<HealthCheckId, Partial<HealthCheckResult>>>

const MINUTE = 60_000
const auth = problemOf({ subject: '/var/log/auth.log' })
const withProblem: Says = { 'jail-not-running': { problems: [auth] } }

/** BanGUI with a host whose checks say what the test sets; a check that nothing is said of finds nothing wrong. */
async function setUp() {
  const test = await createTestDeps()
  const requests: HealthRunRequest[] = []
  const host = {
    says: {} as Says,
    /** called before each result */
    onCheck: async (_check: HealthCheckId): Promise<void> => undefined,
    has: healthChecks.map(({ id }) => id) as readonly HealthCheckId[],
  }
  test.host.health.run = async function* (request, { signal } = {}) {
    requests.push(request)
    for (const check of request.checks) {
      if (!host.has.includes(check)) continue
      await host.onCheck(check)
      if (signal?.aborted) return
      yield resultOf(check, { at: test.time.now, ...host.says[check] })
    }
  }
  const happened: Event[] = []
  test.deps.events.listen((stored) => happened.push(...stored.map(({ event }) => event)))
  const as = (role: 'viewer' | 'operator' | 'admin') => createCaller(asRole(test.deps, role)).health
  const tick = async (milliseconds = 0) => {
    test.time.now += milliseconds
    await test.deps.health.runDue(new AbortController().signal)
  }
  const summary = () => test.state.get().health
  const checkOf = async (id: HealthCheckId) =>
    (await as('viewer').checks()).checks.find((check) => check.id === id)
  return { ...test, on: host, requests, happened, as, tick, summary, checkOf }
}

/** What the last `health.changed` events say. */
const changesOf = (events: readonly Event[]) =>
  events.flatMap((event) => (event.type === 'health.changed' ? [`${event.change} ${event.finding}`] : []))

describe('health.list', () => {
  it('has a finding with its text, evidence and remedy, since it was first seen', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick(1_000)
    const began = test.time.now
    await test.tick(2 * MINUTE)
    expect(await test.as('admin').list()).toEqual([
      {
        id: expect.stringMatching(/^jail-not-running-[0-9a-f]{16}$/),
        check: 'jail-not-running',
        severity: 'critical',
        jail: 'sshd',
        title: auth.title,
        detail: auth.detail,
        evidence: auth.evidence,
        evidenceHidden: false,
        remedy: auth.remedy,
        fix: null,
        action: null,
        since: began,
        lastSeen: test.time.now,
        accepted: null,
      },
    ])
  })

  it.each(['viewer', 'operator'] as const)('has no evidence for a %s', async (role) => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick()
    expect(await test.as(role).list()).toMatchObject([{ evidence: [], evidenceHidden: true, fix: null }])
    expect(JSON.stringify(await test.as(role).checks())).not.toContain(auth.evidence[0])
  })

  it('has the most severe first, then the newest', async () => {
    await using test = await setUp()
    const at = (severity: 'critical' | 'warning', subject: string) =>
      problemOf({ severity, subject, title: subject })
    test.on.says = { 'jail-not-running': { problems: [at('warning', 'w'), at('critical', 'old')] } }
    await test.tick()
    test.on.says = {
      'jail-not-running': { problems: [at('warning', 'w'), at('critical', 'old'), at('critical', 'new')] },
    }
    await test.tick(MINUTE)
    expect((await test.as('viewer').list()).map(({ title }) => title)).toEqual(['new', 'old', 'w'])
  })

  it('keeps a finding over a restart of BanGUI, also while its check cannot tell', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick()
    const [before] = await test.as('admin').list()
    const again = createHealth(test.deps)
    expect((await again.findings()).list()).toEqual([before])
    test.on.says = { 'jail-not-running': { cannotTell: [{ jail: null, why: 'no permission' }] } }
    test.time.now += MINUTE
    await again.runDue(new AbortController().signal)
    expect((await again.findings()).list()).toEqual([before])
  })

  it('finds no more what a version before it knew as a check', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick()
    await test.deps.database.db.updateTable('findings').set({ check_id: 'unheard-of' }).execute()
    expect((await createHealth(test.deps).findings()).list()).toEqual([])
  })
})

describe('the checks of a host', () => {
  it('report a problem that they see twice, and count it on every page', async () => {
    await using test = await setUp()
    test.on.says = { 'log-gone': { problems: [auth] } }
    await test.tick()
    expect(await test.as('viewer').list()).toEqual([])
    expect(test.summary()).toMatchObject({ critical: 0, complete: true })
    expect(await test.as('viewer').checks()).toMatchObject({
      suspected: [{ check: 'log-gone', jail: 'sshd', title: auth.title }],
    })
    await test.tick(20_000)
    expect(test.requests.at(-1)?.checks).toEqual(['log-gone'])
    expect(await test.as('viewer').list()).toHaveLength(1)
    expect(test.summary()).toMatchObject({
      critical: 1,
      worst: auth.title,
      jails: [{ jail: 'sshd', critical: 1, warning: 0, hint: 0 }],
    })
  })

  it('tell by events when a finding begins, changes its severity and ends', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick()
    test.on.says = { 'jail-not-running': { problems: [{ ...auth, severity: 'hint', title: 'Less' }] } }
    await test.tick(MINUTE)
    test.on.says = {}
    await test.tick(MINUTE)
    expect(test.happened).toMatchObject([
      {
        type: 'health.changed',
        change: 'began',
        severity: 'critical',
        jail: 'sshd',
        check: 'jail-not-running',
        accepted: false,
      },
      { type: 'health.changed', change: 'changed', severity: 'hint', title: 'Less' },
      { type: 'health.changed', change: 'ended' },
    ])
    expect(await test.as('viewer').list()).toEqual([])
    expect(await test.as('viewer').ended()).toMatchObject([{ title: 'Less', until: test.time.now }])
  })

  it('that cannot tell are neither fine nor a problem, and raise no alarm', async () => {
    await using test = await setUp()
    test.on.says = { 'not-in-firewall': { cannotTell: [{ jail: null, why: 'no permission' }] } }
    await test.tick()
    expect(await test.checkOf('not-in-firewall')).toMatchObject({
      verdict: 'cannot_tell',
      cannotTell: [{ jail: null, why: 'no permission' }],
    })
    expect(await test.checkOf('log-gone')).toMatchObject({ verdict: 'fine', checkedAt: test.time.now })
    expect(test.summary()).toMatchObject({ cannotTell: 1, critical: 0 })
    expect(test.happened).toEqual([])
  })

  it('do not report a jail as missing that somebody stopped through BanGUI', async () => {
    await using test = await setUp()
    const missing = (jail: string) => problemOf({ jail, title: `${jail} is missing` })
    test.on.says = { 'jail-missing': { problems: [missing('sshd'), missing('web')] } }
    await test.deps.jails.stopped.add('sshd', test.time.now)
    await test.tick()
    await test.tick(20_000)
    expect((await test.as('viewer').list()).map(({ title }) => title)).toEqual(['web is missing'])
    await test.deps.jails.stopped.add('web', test.time.now)
    await test.tick(MINUTE)
    expect(await test.as('viewer').list()).toEqual([])
  })

  it('that the host does not have are not listed', async () => {
    await using test = await setUp()
    test.on.has = ['log-gone']
    await test.tick()
    expect((await test.as('viewer').checks()).checks.map(({ id }) => id)).toEqual(['log-gone'])
    expect(test.summary().complete).toBe(true)
  })

  it('wait a minute after fail2ban loaded something, and then all run', async () => {
    await using test = await setUp()
    await test.deps.monitor.probe()
    await test.tick()
    test.on.says = withProblem
    const loaded = { type: 'jail.changed', at: test.time.now + 1, jail: 'sshd', change: 'reloaded' } as const
    test.time.now += 1
    test.deps.events.emit(await test.archive.addEvent(loaded))
    await test.tick(59_000)
    expect(test.requests).toHaveLength(1)
    expect(await test.as('operator').run()).toMatchObject({ checks: 0, settling: true })
    expect(await test.as('viewer').checks()).toMatchObject({ settling: true })
    await test.tick(1_000)
    expect(test.requests.at(-1)?.checks).toHaveLength(healthChecks.length)
    expect(await test.as('viewer').list()).toHaveLength(1)
  })

  it('do not wait for a daemon that is down', async () => {
    await using test = await setUp()
    await test.deps.monitor.probe()
    const started = { type: 'daemon.changed', at: test.time.now, online: true } as const
    test.deps.events.emit(await test.archive.addEvent(started))
    await test.tick(1_000)
    expect(test.requests).toEqual([])
    test.host.outcome = failure('refused')
    await test.deps.monitor.probe()
    await test.tick(1_000)
    expect(test.requests).toHaveLength(1)
  })

  it('report nothing while the host says that fail2ban settles, and end nothing', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.tick()
    const settling = Object.fromEntries(healthChecks.map(({ id }) => [id, { settling: true }]))
    test.on.says = { ...settling, 'daemon-no-jails': { settling: true, problems: [auth] } }
    await test.tick(MINUTE)
    await test.tick(10_000)
    expect(await test.as('viewer').list()).toMatchObject([{ check: 'jail-not-running' }])
    // one check is enough to see that
    expect(test.requests.at(-1)?.checks).toHaveLength(1)
    test.on.says = {}
    await test.tick(10_000)
    await test.tick(10_000)
    expect(await test.as('viewer').list()).toEqual([])
    expect(new Set(test.requests.slice(-2).flatMap(({ checks }) => checks)).size).toBe(healthChecks.length)
  })

  it('stop when BanGUI has something to do with fail2ban, and go on later where they stopped', async () => {
    await using test = await setUp()
    const { monitor } = test.deps
    await monitor.withActivity('banning', async () => {
      await test.tick()
      expect(test.requests).toEqual([])
      expect(await refusalOf(test.as('operator').run())).toMatchObject({ reason: 'busy' })
    })
    let done = () => undefined as void
    test.on.onCheck = async (check) => {
      if (check !== 'log-gone') return
      const ban = Promise.withResolvers<void>()
      done = ban.resolve
      void monitor.withActivity('banning', () => ban.promise)
    }
    await test.tick()
    test.on.onCheck = async () => undefined
    done()
    await test.tick(10_000)
    expect(test.requests.at(-1)?.checks.at(0)).toBe('log-gone')
  })

  it('go on in memory when the database takes nothing', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    await test.as('viewer').list()
    await test.deps.database.db.schema.alterTable('findings').renameTo('elsewhere').execute()
    await test.tick()
    expect(await test.as('viewer').list()).toHaveLength(1)
    expect(test.events('warn')).toContain('findings_not_saved')
    await test.deps.database.db.schema.alterTable('elsewhere').renameTo('findings').execute()
    await test.tick(MINUTE)
    expect((await createHealth(test.deps).findings()).list()).toHaveLength(1)
  })

  it('get the parts of the history that they need', async () => {
    await using test = await setUp()
    test.archive.banPatterns = async ({ parts }) => ({
      returns: null,
      repeats: null,
      failures: null,
      ...Object.fromEntries(parts.map((part) => [part, []])),
    })
    await test.tick()
    expect(test.requests[0]?.history).toEqual({
      visitors: [],
      returns: [],
      repeats: [],
      failures: [],
      tuned: [],
      allowed: [],
    })
    await test.tick(MINUTE)
    expect(test.requests[1]?.history).toMatchObject({ visitors: null, returns: null, failures: null })
  })

  it('run without a history that cannot be read', async () => {
    await using test = await setUp()
    test.archive.banPatterns = () => Promise.reject(new Error('locked'))
    await test.tick()
    expect(test.requests[0]?.history).toEqual({
      visitors: null,
      returns: null,
      repeats: null,
      failures: null,
      tuned: null,
      allowed: null,
    })
  })
})

describe('health.run', () => {
  it('runs every check now, shows its progress, and says what was found', async () => {
    await using test = await setUp()
    await test.tick()
    test.on.says = { ...withProblem, 'log-gone': { problems: [auth] } }
    const seen: unknown[] = []
    test.on.onCheck = async (check) => {
      if (check !== 'log-gone') return
      seen.push(...test.deps.operations.list())
      expect(await test.as('viewer').checks()).toMatchObject({ running: true })
    }
    const outcome = await test.as('operator').run({ operationId: 'my-run' })
    expect(outcome).toEqual({
      checks: healthChecks.length,
      cannotTell: 0,
      findings: 1,
      suspected: 1,
      settling: false,
      revision: test.summary().revision,
    })
    expect(seen).toMatchObject([{ id: 'my-run', kind: 'health', host: 'local', total: healthChecks.length }])
    expect(await test.as('viewer').checks()).toMatchObject({ running: false })
    const { rows } = await test.deps.operations.records.list({ filter: {}, cursor: null, limit: 5 })
    expect(rows).toEqual([])
  })

  it('can be cancelled, and what was seen by then counts', async () => {
    await using test = await setUp()
    test.on.says = withProblem
    test.on.onCheck = async (check) => {
      if (check === 'log-gone') test.deps.operations.cancel('my-run')
    }
    await test.as('operator').run({ operationId: 'my-run' })
    expect(await test.as('viewer').list()).toHaveLength(1)
    expect(await test.checkOf('log-gone')).toMatchObject({ verdict: 'waiting', checkedAt: null })
  })
})

describe('health.accept', () => {
  const acceptance = { reason: 'Planned for Friday' }

  async function withFinding() {
    const test = await setUp()
    test.on.says = withProblem
    await test.tick()
    const [finding] = await test.as('admin').list()
    return { ...test, id: finding?.id ?? '' }
  }

  it('keeps a finding in the list, with who accepted it and why, and out of the numbers', async () => {
    await using test = await withFinding()
    await test.as('operator').accept({ id: test.id, ...acceptance })
    const accepted = { by: 'Ada', reason: 'Planned for Friday', until: null }
    expect(await test.as('viewer').list()).toMatchObject([{ accepted }])
    expect(test.summary()).toMatchObject({ critical: 0, accepted: 1, worst: null, jails: [] })
    expect(test.happened.at(-1)).toMatchObject({ change: 'accepted', accepted: true, by: 'Ada' })
    expect((await createHealth(test.deps).findings()).list()).toMatchObject([{ accepted }])
  })

  it('can be taken back', async () => {
    await using test = await withFinding()
    await test.as('operator').accept({ id: test.id, ...acceptance })
    await test.as('operator').unaccept({ id: test.id })
    await test.as('operator').unaccept({ id: test.id })
    expect(await test.as('viewer').list()).toMatchObject([{ accepted: null }])
    expect(test.summary()).toMatchObject({ critical: 1, accepted: 0 })
    expect(changesOf(test.happened)).toEqual([
      `began ${test.id}`,
      `accepted ${test.id}`,
      `unaccepted ${test.id}`,
    ])
    expect((await createHealth(test.deps).findings()).list()).toMatchObject([{ accepted: null }])
  })

  it('is over at its end, and the finding counts again', async () => {
    await using test = await withFinding()
    const until = test.time.now + 5 * MINUTE
    await test.as('operator').accept({ id: test.id, ...acceptance, until })
    await test.tick(4 * MINUTE)
    expect(test.summary()).toMatchObject({ accepted: 1 })
    await test.tick(MINUTE)
    expect(test.summary()).toMatchObject({ critical: 1, accepted: 0 })
    expect(changesOf(test.happened).at(-1)).toBe(`unaccepted ${test.id}`)
  })

  it('without an end lasts as long as the finding, and with one also when it comes back', async () => {
    await using test = await withFinding()
    const comeBack = async () => {
      test.on.says = {}
      await test.tick(MINUTE)
      test.on.says = withProblem
      await test.tick(MINUTE)
    }
    await test.as('operator').accept({ id: test.id, ...acceptance })
    await comeBack()
    expect(await test.as('viewer').list()).toMatchObject([{ id: test.id, accepted: null }])
    await test.as('operator').accept({ id: test.id, ...acceptance, until: test.time.now + 60 * MINUTE })
    await comeBack()
    expect(await test.as('viewer').list()).toMatchObject([{ accepted: { by: 'Ada' } }])
    expect(test.happened.at(-1)).toMatchObject({ change: 'began', accepted: true })
  })

  it('refuses an unknown finding, an empty reason, and an end in the past', async () => {
    await using test = await withFinding()
    const accept = (over: object) =>
      refusalOf(test.as('operator').accept({ id: test.id, ...acceptance, ...over }))
    expect(await accept({ id: 'nothing' })).toMatchObject({ reason: 'finding_unknown' })
    expect(await accept({ reason: '  ' })).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await accept({ reason: 'x'.repeat(501) })).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await accept({ until: test.time.now })).toMatchObject({ reason: 'invalid_input' })
    expect(await test.as('viewer').list()).toMatchObject([{ accepted: null }])
  })
})
