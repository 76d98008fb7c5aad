import { expect, test } from 'vitest'
import { withSimulator } from '../../test/with-simulator.ts'
import { readJailSummary } from '../commands.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { createBansRestored } from './bans-restored.ts'

async function setUp(version?: string, timeoutMs?: number) {
  const at = await withSimulator(version === undefined ? {} : { version })
  let toRestore = 0
  let pauses = 0
  let looks = 0
  /** restores a ban before a look at the counts, before each where it does not pause */
  const request: typeof at.connection.request = (args, options) => {
    if (args[0] === 'version' && toRestore > 0 && looks++ % (pauses + 1) === pauses) {
      at.simulator.ban('sshd', `192.0.2.${toRestore}`)
      toRestore -= 1
    }
    return at.connection.request(args, options)
  }
  const restored = createBansRestored(
    { ...at, configDir: '/nowhere', connection: { ...at.connection, request } },
    5,
    timeoutMs,
  )
  const capabilities = capabilitiesOf(at.simulator.version)
  const countBans = async () =>
    (await readJailSummary(at.connection, 'sshd', { capabilities })).currentlyBanned
  return {
    ...at,
    restored,
    countBans,
    restore(count: number, { pause = 0 } = {}) {
      toRestore = count
      pauses = pause
      looks = 0
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

test.each(['1.1.0', '0.11.1'])('work waits until fail2ban %s has restored its bans', async (version) => {
  await using at = await setUp(version)
  at.restore(5)
  expect(await at.restored.whenRestored(at.countBans)).toBe(5)
  await at.simulator.restart()
  at.restore(3)
  expect(await at.restored.whenRestored(at.countBans)).toBe(5)
  at.simulator.ban('sshd', '192.0.2.99')
  expect(await at.restored.whenRestored(at.countBans)).toBe(6)
})

test('a fail2ban that was seen to start again may pause while it restores its bans', async () => {
  await using at = await setUp()
  await at.restored.whenRestored(at.countBans)
  await at.simulator.restart()
  at.restore(2, { pause: 2 })
  expect(await at.restored.whenRestored(at.countBans)).toBe(2)
})

test('a fail2ban that goes on banning is not waited for without end: it is attacked', async () => {
  await using at = await setUp(undefined, 100)
  at.restore(10_000)
  expect(await at.restored.whenRestored(at.countBans)).toBeGreaterThan(0)
  // one that has listened for longer than that is not waited for at all
  const other = createBansRestored({ ...at, configDir: '/nowhere' }, 60_000, 50)
  expect(await other.whenRestored(at.countBans)).toBeGreaterThan(0)
})

test('work during which another fail2ban started has no result', async () => {
  await using at = await setUp()
  const looking = at.restored.whenRestored(async () => {
    await at.simulator.restart()
    return at.countBans()
  })
  await expect(looking).rejects.toMatchObject({ name: 'Fail2banUnavailableError' })
})

test('a fail2ban that is offline is an error at once, or waited for when asked to', async () => {
  await using at = await setUp()
  await at.restored.whenRestored(at.countBans)
  const { instanceId } = at.restored
  expect(await at.restored.isInstance(instanceId)).toBe(true)
  at.simulator.ban('sshd', '192.0.2.1')
  await at.simulator.stop()
  expect(await at.restored.isInstance(instanceId)).toBe(false)
  await expect(at.restored.whenRestored(at.countBans)).rejects.toMatchObject({
    name: 'Fail2banUnavailableError',
  })
  const looking = at.restored.whenRestored(at.countBans, 10_000)
  await at.simulator.start()
  expect(await looking).toBe(1)
  expect(await at.restored.isInstance(instanceId)).toBe(false)
})

test('a fail2ban counts as having no jail only after a few counts', async () => {
  await using at = await setUp()
  at.simulator.removeJail('sshd')
  at.simulator.removeJail('web')
  expect(await at.restored.whenRestored(async () => 'looked')).toBe('looked')
  expect(at.simulator.commandCounts.get('version')).toBe(5)
})
