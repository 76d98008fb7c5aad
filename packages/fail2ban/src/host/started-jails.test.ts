import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestHost } from '../../test/with-host.ts'
import { createStartedJails } from './started-jails.ts'

async function setUp(threads: readonly string[]) {
  const proc = await mkdtemp(join(tmpdir(), 'proc-'))
  onTestFinished(() => rm(proc, { recursive: true, force: true }))
  for (const [index, name] of threads.entries()) {
    const folder = join(proc, '7', 'task', String(index))
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'comm'), `${name}\n`)
  }
  const time = { now: 1_000_000 }
  const started = createStartedJails(() => time.now, proc)
  return { started, time }
}

describe('the jails that were started', () => {
  it('are those that have a thread, by as much of their name as the kernel keeps', async () => {
    const { started, time } = await setUp([
      'fail2ban-server',
      'f2b/observer',
      'f2b/f.sshd',
      'f2b/a.nginx-htt',
    ])
    const listed = ['sshd', 'nginx-http-auth', 'bad']
    expect(await started.among(listed, 7)).toEqual(listed)
    time.now += 2_000
    expect(await started.among(listed, 7)).toEqual(['sshd', 'nginx-http-auth'])
    // another daemon is waited for anew
    expect(await started.among(listed, 8)).toEqual(listed)
  })

  it.each([
    ['the process is not known', ['f2b/observer'], null],
    ['its threads cannot be read', ['f2b/observer'], 9],
    ['its threads have no names', ['fail2ban-server', 'python3'], 7],
  ])('are all that are listed where %s', async (_why, threads, pid) => {
    const { started, time } = await setUp(threads)
    await started.among(['sshd'], pid)
    time.now += 10_000
    expect(await started.among(['sshd'], pid)).toEqual(['sshd'])
  })

  it('are none of those that a failed reload of a real fail2ban left behind', async () => {
    await using at = await createTestHost({ jails: [{ name: 'app' }, { name: 'web' }] })
    await at.daemon.start()
    await at.daemon.addJail({ name: 'bad', bantime: 'nonsense' })
    await at.daemon.client('reload')
    expect((await at.daemon.client('status')).output).toMatch(/Jail list:\s*bad/)
    const running = async () => (await at.host.jails.list()).filter((jail) => jail.running)
    await vi.waitFor(async () => expect(await running()).toEqual([]))
    await at.daemon.client('reload', '--if-exists', 'web')
    expect((await running()).map(({ name }) => name)).toEqual(['web'])
  })
})
