import { createPrivateDaemon, type PrivateDaemon } from '@bangui/fail2ban'
import type { Event, HealthReport } from '@bangui/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { createCaller } from '../src/router.ts'
import { signIn, unattended } from './api-client.ts'
import { asRole } from './as-role.ts'
import { testMachine } from './create-test-deps.ts'
import { environmentOf } from './daemon-environment.ts'
import { eventually } from './eventually.ts'
import { createTestLog } from './silent-log.ts'

/** BanGUI's clock is ahead: for the checks, the daemon has been up for long enough. */
const AHEAD_MS = 120_000

/** Starts BanGUI for a daemon, as it was when it ended the last time. */
async function start(daemon: PrivateDaemon) {
  const env = { ...environmentOf(daemon), ...unattended, BANGUI_PORT: '0' }
  const config = loadConfig(env, testMachine)
  const clock = () => Date.now() + AHEAD_MS
  const app = await startApp({ config, demo: false, webDir: '/nowhere', log: createTestLog().log, clock })
  const { api } = await signIn(app.url)
  const happened: Event[] = []
  const watching = api.events.watch.subscribe(
    { lastEventId: '0' },
    { onData: ({ data }) => happened.push(data) },
  )
  await eventually(async () => expect(await api.server.status.query()).toMatchObject({ online: true }))
  return {
    api,
    as: (role: 'viewer' | 'operator') => createCaller(asRole(app.deps, role)),
    changes: () =>
      happened.flatMap((event) =>
        event.type === 'health.changed' && event.check === 'findtime-zero' ? [event.change] : [],
      ),
    async [Symbol.asyncDispose]() {
      watching.unsubscribe()
      await app.stop()
    },
  }
}

let daemon: PrivateDaemon

beforeAll(async () => {
  daemon = await createPrivateDaemon({ jails: [{ name: 'app' }, { name: 'web' }] })
  await daemon.start()
})
afterAll(() => daemon?.[Symbol.asyncDispose]())

const verdictOf = ({ checks }: HealthReport, id: string) => checks.find((check) => check.id === id)?.verdict

describe('the checks of a real daemon', () => {
  it('find a problem, keep it over a restart of BanGUI, and say when it is solved', async () => {
    await daemon.ask('set', 'app', 'findtime', '0')
    let id = ''
    {
      await using bangui = await start(daemon)
      const { api } = bangui
      const outcome = await api.health.run.mutate({})
      expect(outcome).toMatchObject({ settling: false })
      expect(outcome.checks).toBeGreaterThan(20)
      const found = (await api.health.list.query()).find(({ check }) => check === 'findtime-zero')
      expect(found).toMatchObject({ severity: 'critical', jail: 'app', accepted: null })
      expect(found?.evidence.join('\n')).toContain('findtime')
      const report = await api.health.checks.query()
      expect(verdictOf(report, 'findtime-zero')).toBe('problem')
      expect(verdictOf(report, 'bantime-zero')).toBe('fine')
      await eventually(() => expect(bangui.changes()).toEqual(['began']))
      id = found?.id ?? ''

      // others see it without what was read from fail2ban
      const shown = (await bangui.as('viewer').health.list()).find((finding) => finding.id === id)
      expect(shown).toMatchObject({ title: found?.title, evidence: [], evidenceHidden: true })
      await bangui.as('operator').health.accept({ id, reason: 'Being tested' })
    }
    await using bangui = await start(daemon)
    const { api } = bangui
    const kept = (await api.health.list.query()).find((finding) => finding.id === id)
    expect(kept).toMatchObject({ accepted: { by: 'Ada', reason: 'Being tested' } })
    await daemon.ask('set', 'app', 'findtime', '600')
    await api.health.run.mutate({})
    expect((await api.health.list.query()).map((finding) => finding.id)).not.toContain(id)
    expect((await api.health.ended.query()).map((finding) => finding.id)).toContain(id)
    await eventually(() => expect(bangui.changes()).toEqual(['began', 'accepted', 'ended']))
  })

  it('change nothing in fail2ban, and leave no error in its log', async () => {
    await using bangui = await start(daemon)
    const before = (await daemon.client('status')).output
    await bangui.api.health.run.mutate({})
    expect((await daemon.client('status')).output).toBe(before)
    const log = await bangui.api.server.log.query()
    expect(log.lines.filter((line) => line.includes('ERROR'))).toEqual([])
  })
})
