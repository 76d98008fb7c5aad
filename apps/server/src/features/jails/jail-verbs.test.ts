import { HostError, type ApplyOutcome, type ChangeInput, type PreparedChange } from '@bangui/fail2ban'
import { JailTuningNow, type Role } from '@bangui/shared'
import { describe, expect, it, vi } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { answer, jail, staged, stagedLoad } from '../../../test/fake-host.ts'
import { createCaller as createRootCaller } from '../../router.ts'
import { createCallerFactory } from '../../trpc.ts'
import { createMissingJails } from './missing-jails.ts'
import { jailsRouter } from './jails.router.ts'

const createCaller = createCallerFactory(jailsRouter)

const change = staged({ load: [{ jail: 'sshd', how: 'reload' }] })

async function setUp() {
  const test = await createTestDeps()
  const { host, deps } = test
  const tuneJail = vi.fn(async () => undefined)
  const stage = vi.fn(async (input: ChangeInput): Promise<PreparedChange | undefined> =>
    input.load ? stagedLoad(input, { changeId: `load-${++loads}` }) : change,
  )
  let loads = 0
  const applyChange = vi.fn(async (): Promise<ApplyOutcome> => ({
    ...loaded,
    files: loads > 0 ? [] : ['/x.local'],
  }))
  Object.assign(host.jails, {
    tune: tuneJail,
    getTuning: async () => ({ bantime: 600, findtime: 300, maxretry: 5 }),
    getIgnoreList: async () => ({
      entries: ['127.0.0.0/8', 'home.example.org'],
      files: [{ path: '/etc/office', addresses: ['192.0.2.0/24'], others: 1, problem: null }],
    }),
  })
  Object.assign(host.config, { stage, apply: applyChange })
  const as = (role: Role) => createCaller(asRole(deps, role))
  const missing = createMissingJails({
    jails: deps.jails,
    state: deps.state,
    log: deps.log,
    clock: deps.clock,
  })
  /** what the watch makes of the jails, seen for longer than it has patience */
  const look = async (id = 'first') => {
    const jails = host.listed.flatMap(({ name, running }) => (running ? [name] : []))
    for (let count = 0; count < 3; count += 1) {
      await missing.compare(answer({ jails, instance: { id, pid: null } }))
      test.time.now += 3_000
    }
    return test.state.get().pendingRecovery?.missingJails ?? []
  }
  return { ...test, tuneJail, stage, applyChange, as, look }
}

const loaded: ApplyOutcome = { applied: true, files: [], output: null, failure: null }

const both = [jail('sshd'), jail('web')]
const webOff = [jail('sshd'), jail('web', { running: false })]

describe('a jail that BanGUI stopped', () => {
  it('is missed by nobody, until it has run again', async () => {
    await using at = await setUp()
    at.host.listed = both
    at.applyChange.mockImplementation(async () => {
      expect(at.state.get().serverStatus.activity).toBe('loading')
      at.host.listed = webOff
      return loaded
    })
    await at.look()
    expect(await at.as('operator').stop({ name: 'web' })).toEqual({ applied: true, files: [], output: null })
    expect(at.stage).toHaveBeenCalledWith({
      edits: [],
      load: { jail: 'web', how: 'stop' },
      title: 'Stopping jail web',
    })
    expect(await at.look()).toEqual([])
    at.host.listed = both
    await at.look()
    at.host.listed = webOff
    expect(await at.look()).toEqual(['web'])
  })

  it('is missed where a daemon that started anew does not have it', async () => {
    await using at = await setUp()
    at.host.listed = both
    at.applyChange.mockImplementation(async () => {
      at.host.listed = webOff
      return loaded
    })
    await at.look()
    await at.as('operator').stop({ name: 'web' })
    expect(await at.look('second')).toEqual(['web'])
  })

  it('is missed by nobody where fail2ban was silent about it', async () => {
    await using at = await setUp()
    at.host.listed = both
    at.applyChange.mockImplementation(async () => {
      at.host.listed = webOff
      throw new HostError('outcome_unknown', { message: 'no answer' })
    })
    await at.look()
    expect(await refusalOf(at.as('operator').stop({ name: 'web' }))).toMatchObject({
      reason: 'daemon_timeout',
    })
    expect(await at.look()).toEqual([])
  })

  it('starts again', async () => {
    await using at = await setUp()
    await at.deps.jails.stopped.add('web', 0)
    await at.as('operator').start({ name: 'web' })
    expect(at.deps.jails.stopped.has('web')).toBe(false)
  })
})

describe('loading a jail', () => {
  it('that loses one becomes a pending recovery', async () => {
    await using at = await setUp()
    const failure = { cause: 'jails_missing', missingJails: ['web'] } as const
    at.applyChange.mockResolvedValue({ applied: false, files: [], output: 'KEY=s3cret', failure })
    const result = await at.as('operator').reload({ name: 'web' })
    expect(result).toEqual({ applied: false, files: [], output: null })
    expect(at.state.get().pendingRecovery).toMatchObject({
      ...failure,
      kind: 'reloaded',
      jailName: 'web',
      title: 'Reloading jail web',
      changeId: 'load-1',
    })
    expect(await at.as('admin').reload({ name: 'web' })).toMatchObject({ output: 'KEY=s3cret' })
  })

  it('that is refused returns the reason to administrators only', async () => {
    await using at = await setUp()
    const refuse = () => Promise.reject(new HostError('config_refused', { message: 'KEY=s3cret' }))
    at.stage.mockImplementation(refuse)
    for (const verb of ['start', 'reload', 'restart'] as const) {
      const told = await refusalOf(at.as('operator')[verb]({ name: 'web' }))
      expect(told).toMatchObject({ reason: 'config_refused' })
      expect(JSON.stringify(told)).not.toContain('s3cret')
      expect(await refusalOf(at.as('admin')[verb]({ name: 'web' }))).toMatchObject({
        params: { output: 'KEY=s3cret' },
      })
    }
    at.stage.mockImplementation(async (input) => stagedLoad(input))
    at.applyChange.mockResolvedValue({ applied: false, files: [], output: 'KEY=s3cret', failure: null })
    expect(await at.as('operator').reload({ name: 'web' })).toEqual({
      applied: false,
      files: [],
      output: null,
    })
  })

  it('is recorded as an activation, and takes no blame for a change of files in its window', async () => {
    await using at = await setUp()
    await at.as('operator').start({ name: 'web' })
    expect(at.state.get().lastActivation).toMatchObject({ kind: 'started', jailName: 'web' })
    await at.as('operator').restart({ name: 'sshd' })
    expect(at.state.get().lastActivation).toMatchObject({ kind: 'reloaded', jailName: 'sshd' })
    await at.as('admin').update({ name: 'sshd', bantime: -1, permanent: true })
    const { lastActivation } = at.state.get()
    at.time.now += 40_000
    await at.as('operator').stop({ name: 'web' })
    expect(at.state.get().lastActivation).toEqual(lastActivation)
    await at.as('operator').reload({ name: 'web' })
    // the change was loaded once more: its window begins anew
    expect(at.state.get().lastActivation).toEqual({ ...lastActivation, at: at.time.now })
    at.time.now += 61_000
    await at.as('operator').stop({ name: 'web' })
    expect(at.state.get().lastActivation).toMatchObject({ kind: 'stopped', jailName: 'web' })
  })
})

describe('loading everything', () => {
  const reload = (at: Awaited<ReturnType<typeof setUp>>) =>
    createRootCaller(asRole(at.deps, 'admin')).server.reload()

  it('that costs jails is a pending recovery', async () => {
    await using at = await setUp()
    const failure = { cause: 'load_refused', missingJails: ['sshd'] } as const
    at.applyChange.mockResolvedValue({ applied: false, files: [], output: 'NOK', failure })
    expect(await reload(at)).toEqual({ applied: false, files: [], output: 'NOK' })
    expect(at.stage).toHaveBeenCalledWith({ edits: [], load: { all: true }, title: 'Reloading fail2ban' })
    expect(at.state.get().pendingRecovery).toMatchObject({ ...failure, kind: 'reloaded', jailName: null })
  })

  it('ends what was idle', async () => {
    await using at = await setUp()
    await at.deps.jails.idle.add('web', 0)
    expect(await reload(at)).toMatchObject({ applied: true })
    expect(at.deps.jails.idle.has('web')).toBe(false)
  })
})

describe('what a jail does now', () => {
  it('is returned to every role', async () => {
    await using at = await setUp()
    const told = await at.as('viewer').tuning({ name: 'sshd' })
    expect(JailTuningNow.parse(told)).toEqual({
      bantime: 600,
      findtime: 300,
      maxretry: 5,
      ignored: ['127.0.0.0/8', 'home.example.org'],
      ignoredFiles: [
        { path: '/etc/office', addresses: ['192.0.2.0/24'], total: 1, others: 1, problem: null },
      ],
    })
  })

  it('is returned with its filter', async () => {
    await using at = await setUp()
    const filter = { failRegex: ['from <HOST>$'], ignoreRegex: [], prefRegex: null }
    Object.assign(at.host.jails, { getFilter: async () => filter })
    expect(await at.as('viewer').filter({ name: 'sshd' })).toEqual(filter)
    Object.assign(at.host.jails, {
      getFilter: (name: string) => Promise.reject(new HostError('jail_unknown', { jailName: name })),
    })
    expect(await refusalOf(at.as('viewer').filter({ name: 'nosuch' }))).toMatchObject({
      reason: 'jail_unknown',
    })
  })

  it('is not returned for a jail that does not run', async () => {
    await using at = await setUp()
    at.host.listed = webOff
    Object.assign(at.host.jails, {
      getTuning: (name: string) => Promise.reject(new HostError('jail_unknown', { jailName: name })),
    })
    expect(await refusalOf(at.as('viewer').tuning({ name: 'web' }))).toMatchObject({
      reason: 'jail_not_running',
    })
  })
})

describe('jails.update', () => {
  it('changes what runs, until the next reload', async () => {
    await using at = await setUp()
    const result = await at.as('admin').update({
      name: 'sshd',
      bantime: '1d 12h',
      findtime: 60,
      maxretry: 3,
      addIgnored: ['2001:DB8::0001', '10.1.2.3/8'],
      removeIgnored: ['127.0.0.0/8'],
    })
    expect(result).toEqual({ applied: true, files: [], output: null })
    expect(at.tuneJail).toHaveBeenCalledWith('sshd', {
      bantime: 129_600,
      findtime: 60,
      maxretry: 3,
      addIgnored: ['2001:db8::1', '10.0.0.0/8'],
      removeIgnored: ['127.0.0.0/8'],
    })
    expect(at.stage).not.toHaveBeenCalled()
  })

  it('that is permanent is written, recorded as an activation and loaded', async () => {
    await using at = await setUp()
    const result = await at.as('admin').update({ name: 'sshd', bantime: -1, permanent: true })
    expect(result).toMatchObject({ applied: true, files: ['/x.local'] })
    expect(at.stage).toHaveBeenCalledWith({
      edits: [{ kind: 'settings', jail: 'sshd', settings: expect.objectContaining({ bantime: -1 }) }],
      title: 'Changing jail sshd',
    })
    expect(at.state.get().lastActivation).toMatchObject({ kind: 'edited', jailName: 'sshd', changeId: 'c1' })
    expect(at.tuneJail).not.toHaveBeenCalled()
  })

  it('that is permanent writes the entries that were added and removed, and not the list that is in force', async () => {
    await using at = await setUp()
    const lists = { addIgnored: ['192.0.2.1'], removeIgnored: ['127.0.0.0/8'] }
    await at.as('admin').update({ name: 'sshd', ...lists, permanent: true })
    expect(at.stage.mock.calls[0]?.[0].edits).toMatchObject([{ settings: lists }])
  })

  it('removes host names from the ignore list, which somebody else put there', async () => {
    await using at = await setUp()
    await at.as('admin').update({ name: 'sshd', removeIgnored: ['home.example.org', '::0:1'] })
    expect(at.tuneJail).toHaveBeenCalledWith(
      'sshd',
      expect.objectContaining({ removeIgnored: ['home.example.org', '::1'] }),
    )
  })

  it('that is permanent keeps what was changed until the next load, but for what is given up', async () => {
    await using at = await setUp()
    const input = { name: 'sshd', maxretry: 9, permanent: true, giveUp: ['bantime', '192.0.2.8'] }
    await at.as('admin').update(input)
    expect(at.stage.mock.calls[0]?.[0].edits).toMatchObject([{ giveUp: ['bantime', '192.0.2.8'] }])
    expect(at.applyChange).toHaveBeenCalledWith('c1')
  })

  it('is previewed with the loss of the idle flag by the load', async () => {
    await using at = await setUp()
    const preview = {
      name: 'sshd',
      already: false,
      refused: null,
      refusedReason: null,
      readOnly: false,
      files: [],
      loads: true,
      changes: [{ key: 'maxretry', now: '5', after: '9', kind: 'asked' as const }],
      warnings: [],
      messages: [],
      filterTests: [],
      load: [],
      bansEnding: 0,
      bansInterrupted: 0,
      risks: [],
      lockOut: null,
    }
    at.host.config.preview = async () => preview
    const input = { name: 'sshd', maxretry: 9 }
    expect(await at.as('admin').previewUpdate(input)).toEqual({ ...preview, confirmWithin: null })
    await at.deps.jails.idle.add('sshd', 1)
    expect((await at.as('admin').previewUpdate(input)).changes).toEqual([
      ...preview.changes,
      { key: 'idle', now: 'on', after: 'off', kind: 'lost' },
    ])
  })

  it('still changes what runs where it is written already', async () => {
    await using at = await setUp()
    at.stage.mockResolvedValue(undefined)
    await at.as('admin').update({ name: 'sshd', maxretry: 3, permanent: true })
    expect(at.tuneJail).toHaveBeenCalledOnce()
  })

  it.each([
    [{ bantime: 'os.system("x")' }, 'duration_invalid'],
    [{ bantime: 0 }, 'duration_invalid'],
    [{ findtime: -1 }, 'duration_invalid'],
    [{ addIgnored: ['example.org'] }, 'addresses_invalid'],
    [{ removeIgnored: ['1.2.3.4 5.6.7.8'] }, 'addresses_invalid'],
    [{ removeIgnored: ['file:/etc/hosts'] }, 'addresses_invalid'],
    [{ maxretry: 0 }, undefined],
  ])('refuses %j', async (values, reason) => {
    await using at = await setUp()
    const told = await refusalOf(at.as('admin').update({ name: 'sshd', ...values }))
    expect(told).toMatchObject({ code: 'BAD_REQUEST' })
    if (reason !== undefined) expect(told.reason).toBe(reason)
    expect(at.tuneJail).not.toHaveBeenCalled()
  })
})

it('sets a jail idle and lists it as idle', async () => {
  await using at = await setUp()
  const setIdle = vi.fn(async () => undefined)
  at.host.jails.setIdle = setIdle
  await at.as('operator').setIdle({ name: 'sshd', idle: true })
  expect(setIdle).toHaveBeenCalledWith('sshd', true)
  expect(at.host.listings).toBe(1)
})

it('changes nothing while a rollback is under way', async () => {
  await using at = await setUp()
  const recovery = {
    jailName: 'x',
    startedAt: 1,
    step: 'restoring',
    done: [],
    message: null,
    output: null,
  } as const
  await at.state.update((state) => ({ ...state, recovery: { ...recovery, done: [] } }))
  const admin = at.as('admin')
  const calls = [
    admin.start({ name: 'web' }),
    admin.stop({ name: 'web' }),
    admin.reload({ name: 'web' }),
    admin.setIdle({ name: 'web', idle: true }),
    admin.update({ name: 'web', maxretry: 1 }),
  ]
  for (const call of calls) expect(await refusalOf(call)).toMatchObject({ reason: 'busy' })
})

it('is for operators, and what changes settings for administrators', async () => {
  await using at = await setUp()
  const [viewer, operator] = [at.as('viewer'), at.as('operator')]
  const calls = [
    viewer.start({ name: 'web' }),
    viewer.stop({ name: 'web' }),
    viewer.reload({ name: 'web' }),
    viewer.restart({ name: 'web' }),
    viewer.setIdle({ name: 'web', idle: true }),
    operator.update({ name: 'web', maxretry: 1 }),
  ]
  for (const call of calls) expect(await refusalOf(call)).toMatchObject({ reason: 'forbidden' })
})

describe('a jail that was set idle', () => {
  it('is listed as such until it works, is loaded again or another daemon runs', async () => {
    await using at = await setUp()
    at.host.listed = both
    at.host.jails.setIdle = async () => undefined
    const rests = async () => (await at.as('viewer').list()).map(({ idle }) => idle === true)
    await at.look()
    await at.as('operator').setIdle({ name: 'web', idle: true })
    expect(await rests()).toEqual([false, true])
    await at.as('operator').setIdle({ name: 'web', idle: false })
    expect(await rests()).toEqual([false, false])

    await at.as('operator').setIdle({ name: 'web', idle: true })
    await at.as('operator').reload({ name: 'web' })
    expect(await rests()).toEqual([false, false])

    await at.as('operator').setIdle({ name: 'web', idle: true })
    await at.look('second')
    expect(await rests()).toEqual([false, false])
  })

  it('counts as idle where fail2ban did not answer', async () => {
    await using at = await setUp()
    at.host.listed = both
    at.host.jails.setIdle = async () => {
      throw new HostError('outcome_unknown', { message: 'no answer' })
    }
    await expect(at.as('operator').setIdle({ name: 'web', idle: true })).rejects.toThrow()
    expect((await at.as('viewer').list())[1]?.idle).toBe(true)
  })
})
