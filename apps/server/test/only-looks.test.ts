import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator, privatePaths, writeConfig } from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { signIn, unattended, watchLive } from './api-client.ts'
import { startBangui } from './bangui-process.ts'
import { eventually } from './eventually.ts'

const jails = [{ name: 'sshd' }, { name: 'web' }]

/** A fail2ban of which every command is counted, with the configuration that BanGUI could change. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'f2b-look-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const paths = privatePaths(folder)
  await writeConfig(paths, jails)
  const { socketPath, configDir, logfile: logFile } = paths
  const simulator = stack.use(await createSimulator({ socketPath, jails, logFile }))
  const bangui = stack.use(
    await startBangui({
      BANGUI_DATA_DIR: join(folder, 'bangui'),
      BANGUI_FAIL2BAN_SOCKET: socketPath,
      BANGUI_FAIL2BAN_CONFIG_DIR: configDir,
      ...unattended,
    }),
  )
  return { simulator, bangui, configDir, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Each file of a folder with what is in it. */
async function contentsOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const contents = files.toSorted().map(async (file) => {
    const hash = createHash('sha256').update(await readFile(file))
    return `${file} ${hash.digest('hex')}`
  })
  return Promise.all(contents)
}

it('asks fail2ban and changes nothing of it: no jail, no action, no file, whatever is watched', async () => {
  await using at = await setUp()
  const before = await contentsOf(at.configDir)
  const { api } = await signIn(at.bangui.url)
  using live = watchLive(api)
  await live.until((message) => message.type === 'snapshot')
  at.simulator.ban('sshd', '45.1.1.1')
  at.simulator.addFailure('web', '45.2.2.2')
  await eventually(async () => expect((await api.bans.list.query({})).total).toBe(1))
  for (const { name } of await api.server.jobs.query()) await api.server.runJob.mutate({ name })
  await api.jails.get.query({ name: 'sshd' })
  await api.jails.tuning.query({ name: 'sshd' })
  await api.jails.filter.query({ name: 'sshd' })
  await api.history.address.query({ address: '45.1.1.1' })
  await api.bans.preview.mutate({ jail: 'sshd', addresses: ['45.3.3.3'], duration: 60 })
  const questions = ['ping', 'version', 'status', 'stats', 'get', 'banned']
  expect([...at.simulator.commandCounts.keys()].filter((word) => !questions.includes(word))).toEqual([])
  expect(await contentsOf(at.configDir)).toEqual(before)
  expect(at.simulator.listBans('sshd')).toHaveLength(1)
})
