import { insertChanges } from '@bangui/db'
import { expect, it, vi } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { jail, staged, stagedLoad } from '../../../test/fake-host.ts'
import { createCaller } from '../../router.ts'

/** Records an operation that has activated a jail. */
async function recordActivation({ deps }: Awaited<ReturnType<typeof createTestDeps>>) {
  const { records } = deps.operations
  const actor = { kind: 'user', name: 'Ada' } as const
  const title = 'Activating jail web'
  const begun = { id: 'on', hostId: 1, kind: 'jail.activate', actor, title, params: null } as const
  await records.begin({ ...begun, total: null, undoes: null, startedAt: 1 })
  await records.end('on', { title, done: 0, total: null, state: 'done', endedAt: 2, message: null })
  const change = {
    id: '6f2c1b2e-0000-4000-8000-000000000000',
    operationId: 'on',
    title,
    note: null,
    files: ['/etc/fail2ban/jail.local'],
    load: [{ jail: 'web', how: 'start' }],
    expect: { before: [], running: ['web'], stopped: [] },
    state: 'applied',
    createdAt: 1,
  } as const
  await insertChanges(deps.hostDb, [change], 1)
  return { records }
}

it('the undo of a change that can lock people out has to be confirmed, unless somebody who may says otherwise', async () => {
  await using test = await createTestDeps()
  const { host, deps } = test
  await recordActivation(test)
  const begin = vi.spyOn(deps.confirmations, 'begin').mockResolvedValue(undefined)
  const changeId = '6f2c1b2e-0000-4000-8000-000000000001'
  host.config.stage = async () => staged({ changeId, risks: [{ cause: 'ignore_list', jails: ['web'] }] })
  host.config.apply = async (_id, { confirmWithinMs } = {}) => ({
    applied: true,
    files: ['/etc/fail2ban/jail.local'],
    output: null,
    failure: null,
    ...(confirmWithinMs !== undefined && { confirmBy: 2_000_000 }),
  })
  await deps.monitor.probe()
  const { operations } = createCaller(asRole(deps, 'admin'))
  expect(await operations.undo({ id: 'on' })).toMatchObject({ unconfirmed: changeId })
  expect(begin).toHaveBeenCalledWith(expect.objectContaining({ id: changeId }), expect.anything())
})

it('the undo of a change is for those who may change the configuration, and no record is left of a refused one', async () => {
  await using test = await createTestDeps()
  const { records } = await recordActivation(test)
  const undo = (role: 'operator' | 'admin') =>
    createCaller(asRole(test.deps, role)).operations.undo({ id: 'on' })
  expect(await refusalOf(undo('operator'))).toMatchObject({ reason: 'forbidden' })
  expect(await records.find('on')).toMatchObject({ isUndoable: true })
  expect((await records.list({ filter: {}, cursor: null, limit: 9 })).rows).toHaveLength(1)
  // the daemon of this test is not asked: it counts as offline
  expect(await refusalOf(undo('admin'))).toMatchObject({ reason: 'daemon_offline' })
})

it('the undo of a start stops the jail, by those who may stop it, and does nothing where it was stopped since', async () => {
  await using test = await createTestDeps()
  const { host, deps } = test
  let changes = 0
  const stage = vi
    .fn(host.config.stage)
    .mockImplementation(async (input) => stagedLoad(input, { changeId: `c${++changes}` }))
  host.config.stage = stage
  host.config.apply = async () => ({ applied: true, files: [], output: null, failure: null })
  await deps.monitor.probe()
  const { jails, operations } = createCaller(asRole(deps, 'operator'))
  const startAndUndo = async (operationId: string) => {
    await jails.start({ name: 'web', operationId })
    stage.mockClear()
    return operations.undo({ id: operationId })
  }
  host.listed = [jail('web')]
  expect(await startAndUndo('one')).toMatchObject({ files: [], refused: [] })
  expect(stage).toHaveBeenCalledWith({
    edits: [],
    load: { jail: 'web', how: 'stop' },
    level: 'jails',
    title: 'Undoing: Starting jail web',
  })
  host.listed = [jail('web', { running: false })]
  await startAndUndo('two')
  expect(stage).not.toHaveBeenCalled()
  expect((await operations.list()).rows.map(({ kind, undoable }) => [kind, undoable])).toEqual([
    ['undo', false],
    ['jail.start', false],
    ['undo', false],
    ['jail.start', false],
  ])
})

it('the undo of a start is refused where later changes have stopped and started the jail, until these are undone', async () => {
  await using test = await createTestDeps()
  const { host, deps } = test
  let changes = 0
  const stage = vi
    .fn(host.config.stage)
    .mockImplementation(async (input) => stagedLoad(input, { changeId: `c${++changes}` }))
  host.config.stage = stage
  host.config.apply = async () => ({ applied: true, files: [], output: null, failure: null })
  await deps.monitor.probe()
  const { jails, operations } = createCaller(asRole(deps, 'operator'))
  const name = 'web'
  host.listed = [jail('web')]
  await jails.start({ name, operationId: 'one' })
  test.time.now += 1
  await jails.stop({ name, operationId: 'two' })
  test.time.now += 1
  await jails.start({ name, operationId: 'three' })
  stage.mockClear()
  expect(await refusalOf(operations.undo({ id: 'one' }))).toMatchObject({
    reason: 'undo_superseded',
    params: { title: 'Starting jail web' },
  })
  expect(stage).not.toHaveBeenCalled()
  await operations.undo({ id: 'three' })
  host.listed = [jail('web', { running: false })]
  await operations.undo({ id: 'two' })
  host.listed = [jail('web')]
  expect(await operations.undo({ id: 'one' })).toMatchObject({ files: [] })
  expect(stage).toHaveBeenCalledTimes(3)
})
