import { createPrivateDaemon } from '@bangui/fail2ban'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { signIn, unattended } from './api-client.ts'
import { startBangui, wired } from './bangui-process.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'

/** A jail that runs and one that is off, and an administrator. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const jails = [{ name: 'app' }, { name: 'web', enabled: false }]
  const daemon = stack.use(await createPrivateDaemon({ jails }))
  await daemon.start()
  const bangui = stack.use(await startBangui({ ...environmentOf(daemon), ...unattended }, { program: wired }))
  const { api } = await signIn(bangui.url)
  await eventually(async () => expect(await api.server.status.query()).toMatchObject({ online: true }))
  return {
    daemon,
    api,
    undo: (id: string) => api.operations.undo.mutate({ id }),
    running: async () => (await api.jails.list.query()).flatMap((jail) => (jail.running ? [jail.name] : [])),
    maxretry: async () => (await api.jails.tuning.query({ name: 'app' })).maxretry,
    written: () => readFile(join(daemon.configDir, 'jail.d', 'zz-bangui.local'), 'utf8').catch(() => null),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe('the undo of a change', { concurrent: true }, () => {
  it('of a jail that was activated stops it, and its file is as before, once', async () => {
    await using at = await setUp()
    const { api } = at
    expect(await api.jails.activate.mutate({ name: 'web', operationId: 'on' })).toMatchObject({
      applied: true,
    })
    expect(await at.running()).toEqual(['app', 'web'])
    expect(await api.operations.get.query({ id: 'on' })).toMatchObject({ state: 'done', undoable: true })
    expect(await at.undo('on')).toMatchObject({ restored: 1, files: [expect.stringContaining('zz-bangui')] })
    expect(await at.running()).toEqual(['app'])
    expect(await at.written()).toBeNull()
    expect(await api.operations.get.query({ id: 'on' })).toMatchObject({ undoable: false })
    await expect(at.undo('on')).rejects.toMatchObject({ data: { reason: 'undo_none' } })
    expect(await api.recovery.pending.query()).toBeNull()
  })

  it('of a jail that was deactivated starts it again', async () => {
    await using at = await setUp()
    await at.api.jails.deactivate.mutate({ name: 'app', operationId: 'off' })
    expect(await at.running()).toEqual([])
    expect(await at.undo('off')).toMatchObject({ restored: 1 })
    expect(await at.running()).toEqual(['app'])
    expect(await at.api.recovery.pending.query()).toBeNull()
  })

  it('of permanent settings goes back step by step, the latest first', async () => {
    await using at = await setUp()
    const before = await at.maxretry()
    const update = (maxretry: number, operationId: string) =>
      at.api.jails.update.mutate({ name: 'app', maxretry, permanent: true, operationId })
    await update(7, 'first')
    await update(9, 'second')
    expect(await at.maxretry()).toBe(9)
    await expect(at.undo('first')).rejects.toMatchObject({
      data: { reason: 'undo_superseded', params: { title: expect.stringContaining('app') } },
    })
    expect(await at.maxretry()).toBe(9)
    await at.undo('second')
    expect(await at.maxretry()).toBe(7)
    await at.undo('first')
    expect(await at.maxretry()).toBe(before)
    expect(await at.written()).toBeNull()
  })

  it('leaves a later change of another jail in the same file', async () => {
    await using at = await setUp()
    const { api } = at
    const before = await at.maxretry()
    await api.jails.update.mutate({ name: 'app', maxretry: 7, permanent: true, operationId: 'first' })
    await api.jails.activate.mutate({ name: 'web', operationId: 'second' })
    expect(await at.undo('first')).toMatchObject({ restored: 1 })
    expect(await at.maxretry()).toBe(before)
    expect(await at.written()).toContain('[web]\nenabled = true\n')
    expect(await at.written()).not.toContain('[app]')
    expect(await at.running()).toEqual(['app', 'web'])
    await at.undo('second')
    expect(await at.written()).toBeNull()
    expect(await at.running()).toEqual(['app'])
  })

  it('is refused where somebody else has changed the same option, which stays', async () => {
    await using at = await setUp()
    const { api } = at
    await api.jails.update.mutate({ name: 'app', maxretry: 7, permanent: true, operationId: 'first' })
    const file = join(at.daemon.configDir, 'jail.d', 'zz-bangui.local')
    await writeFile(file, (await at.written())!.replace('maxretry = 7', 'maxretry = 8'))
    await expect(at.undo('first')).rejects.toMatchObject({
      data: { reason: 'config_changed', params: { message: expect.stringContaining('maxretry in [app]') } },
    })
    expect(await at.written()).toContain('maxretry = 8')
    expect(await api.operations.get.query({ id: 'first' })).toMatchObject({ undoable: true })
  })

  it('that fail2ban would refuse is refused, changes nothing, and is possible later', async () => {
    await using at = await setUp()
    const { api } = at
    await api.jails.deactivate.mutate({ name: 'app', operationId: 'off' })
    const broken = join(at.daemon.configDir, 'jail.local')
    await writeFile(broken, '[app]\nfilter = nonesuch\n')
    await expect(at.undo('off')).rejects.toMatchObject({ data: { reason: 'config_refused' } })
    expect(await at.written()).toContain('enabled = false')
    const { rows } = await api.operations.list.query({})
    expect(rows[0]).toMatchObject({ kind: 'undo', state: 'failed' })
    await rm(broken)
    expect(await at.undo('off')).toMatchObject({ restored: 1 })
    expect(await at.running()).toEqual(['app'])
  })

  it('is refused while fail2ban is offline, and possible again later', async () => {
    await using at = await setUp()
    await at.api.jails.activate.mutate({ name: 'web', operationId: 'on' })
    await at.api.server.stop.mutate()
    await expect(at.undo('on')).rejects.toMatchObject({ data: { reason: 'daemon_offline' } })
    expect(await at.written()).not.toBeNull()
    await at.api.server.start.mutate()
    expect(await at.undo('on')).toMatchObject({ restored: 1 })
    expect(await at.running()).toEqual(['app'])
  })
})
