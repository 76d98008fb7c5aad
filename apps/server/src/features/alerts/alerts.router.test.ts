import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { startMailServer } from '../../../test/mail-server.ts'
import { createWebhookReceiver } from '../../../test/webhook-receiver.ts'
import { createCaller } from '../../router.ts'
import { createAlerts } from './alerts.ts'
import { createSendBy } from './send-by-channel.ts'

async function createTest(env: Record<string, string> = {}) {
  const test = await createTestDeps({
    BANGUI_ALLOW_PRIVATE_URLS: 'true',
    BANGUI_PUBLIC_URL: 'https://bangui.example.org',
    ...env,
  })
  await test.deps.alerts.start()
  const api = createCaller(asRole(test.deps, 'admin')).alerts
  const look = async () => {
    await test.deps.alerts.look()
    await test.deps.alerts.idle()
  }
  const setOnline = (online: boolean) =>
    test.state.update((state) => ({
      ...state,
      serverStatus: { ...state.serverStatus, online, responding: online, checkedAt: 1, message: 'No socket' },
    }))
  return {
    ...test,
    api,
    look,
    setOnline,
    as: (role: 'viewer' | 'operator') => createCaller(asRole(test.deps, role)).alerts,
    async [Symbol.asyncDispose]() {
      await test.deps.alerts.stop()
      await test[Symbol.asyncDispose]()
    },
  }
}

describe('alerts', () => {
  it('are announced once, acknowledged and resolved, with a signature, over a webhook', async () => {
    await using hook = await createWebhookReceiver()
    await using test = await createTest()
    const { api, look, setOnline } = test
    const { id: channel } = await api.addChannel({
      kind: 'webhook',
      name: 'Hook',
      config: { url: hook.url, secret: 'hunter2hunter2' },
    })
    await api.addRule({ kind: 'daemon_down', name: 'Down', channels: [channel], failAfterSeconds: 30 })
    await setOnline(false)
    await look()
    test.time.now += 29_000
    await look()
    expect(hook.received).toEqual([])
    test.time.now += 1_000
    for (let times = 0; times < 3; times++) await look()
    expect(hook.received).toHaveLength(1)
    const [first] = hook.received
    expect(first?.body.incident).toMatchObject({
      rule: 'daemon_down',
      state: 'open',
      title: 'fail2ban on test is down',
      url: expect.stringContaining('https://bangui.example.org/alerts?incident='),
    })
    const signature = createHmac('sha256', 'hunter2hunter2')
      .update(first?.text ?? '')
      .digest('hex')
    expect(first?.headers['x-bangui-signature']).toBe(`sha256=${signature}`)

    const { rows } = await api.incidents({ state: 'open' })
    expect(rows).toMatchObject([
      { rule: 'daemon_down', state: 'notified', host: 'local', acknowledgedBy: null },
    ])
    const id = rows[0]?.id ?? ''
    await test.as('operator').acknowledge({ id })
    await setOnline(true)
    await look()
    test.time.now += 60_000
    await look()
    expect(hook.received.map(({ body }) => [body.incident?.id, body.incident?.state])).toEqual([
      [id, 'open'],
      [id, 'resolved'],
    ])
    const incident = await api.incident({ id })
    expect(incident).toMatchObject({ state: 'resolved', acknowledgedBy: 'Ada' })
    expect(incident.history.map(({ kind }) => kind)).toEqual([
      'opened',
      'notified',
      'acknowledged',
      'resolved',
      'notified',
    ])
    const deliveries = (await api.deliveries({ incident: id })).rows
    expect(deliveries.map(({ kind, state }) => [kind, state])).toEqual([
      ['resolved', 'sent'],
      ['opened', 'sent'],
    ])
    expect(deliveries.map(({ text }) => text)).toEqual([
      expect.stringContaining('The incident lasted'),
      first?.body.incident?.text,
    ])
    expect((await api.incidents({ state: 'open' })).rows).toEqual([])
  })

  it('reach a mail server that was down once it is back, once, over restarts of BanGUI', async () => {
    await using test = await createTest()
    const { deps, time, setOnline } = test
    const plain = { host: '127.0.0.1', security: 'none', from: 'bangui@example.org', to: ['ops@example.org'] }
    const begin = async () => {
      const alerts = createAlerts(deps, createSendBy(deps))
      await alerts.start()
      const api = createCaller(asRole({ ...deps, alerts }, 'admin')).alerts
      const look = async () => {
        time.now += 3_600_000
        await alerts.look()
        await alerts.idle()
      }
      return { api, look, stop: alerts.stop }
    }
    await deps.alerts.stop()
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    const first = await begin()
    const mail = { kind: 'email', name: 'Mail', config: { ...plain, port } } as const
    const { id: channel } = await first.api.addChannel(mail)
    await first.api.addRule({ kind: 'daemon_down', name: 'Down', channels: [channel], failAfterSeconds: 0 })
    await setOnline(false)
    await first.look()
    expect((await first.api.deliveries()).rows).toMatchObject([{ state: 'waiting', attempts: 1 }])
    await first.stop()

    await using server = await startMailServer({ security: 'none' })
    const second = await begin()
    await second.api.updateChannel({ id: channel, config: { ...plain, port: server.port } })
    await second.look()
    expect((await second.api.deliveries()).rows).toMatchObject([
      { state: 'sent', attempts: 2, doubtful: false },
    ])
    await second.stop()
    const third = await begin()
    await third.look()
    await third.stop()
    await vi.waitFor(() => expect(server.received).toHaveLength(1))
    expect(server.received[0]?.content).toContain('fail2ban on test is down')
  })

  it('begin with one rule of each kind, all off', async () => {
    await using test = await createTest()
    const rules = await test.api.rules()
    expect(rules).toHaveLength(10)
    expect(rules.filter(({ enabled }) => enabled)).toEqual([])
    await test.api.removeRule({ id: rules[0]?.id ?? 0 })
    await test.deps.alerts.start()
    expect(await test.api.rules()).toHaveLength(9)
  })
})

describe('alerts.channels', () => {
  it('never returns a secret, and keeps one that an update leaves out for the same server only', async () => {
    await using hook = await createWebhookReceiver()
    await using other = await createWebhookReceiver()
    await using test = await createTest()
    const { api } = test
    const { id } = await api.addChannel({
      kind: 'webhook',
      name: 'Hook',
      config: { url: hook.url, secret: 'hunter2hunter2' },
    })
    const [listed] = await api.channels()
    expect(listed).toMatchObject({ id, secrets: ['secret'], problem: null, config: { url: hook.url } })
    const [stored] = await test.deps.database.db.selectFrom('alert_channels').selectAll().execute()
    expect(JSON.stringify([listed, stored])).not.toContain('hunter2')

    await api.updateChannel({ id, config: { url: `${hook.url}/other` } })
    expect(await api.testChannel({ id })).toMatchObject({ ok: true })
    expect(hook.received[0]?.headers['x-bangui-signature']).toBeDefined()

    const refusal = await refusalOf(api.updateChannel({ id, config: { url: other.url } }))
    expect(refusal).toMatchObject({
      reason: 'channel_secrets_needed',
      fieldErrors: { 'config.secret': ['The server has changed: enter this again.'] },
    })
    await api.updateChannel({ id, config: { url: other.url, secret: null } })
    expect(await api.testChannel({ id })).toMatchObject({ ok: true })
    expect(other.received[0]?.headers['x-bangui-signature']).toBeUndefined()
    expect((await api.channels())[0]).toMatchObject({ secrets: [] })
  })

  it('says that the key is lost, and sends again once it is back', async () => {
    await using hook = await createWebhookReceiver()
    await using test = await createTest({ BANGUI_SECRET_KEY: 'a key that is long enough for BanGUI' })
    const config = { url: hook.url, secret: 'hunter2hunter2' }
    const { id } = await test.api.addChannel({ kind: 'webhook', name: 'Hook', config })
    await test.deps.database.db.updateTable('alert_channels').set({ sealed: 'v1:lost' }).execute()
    expect((await test.api.channels())[0]?.problem).toContain('cannot be read')
    expect(await test.api.testChannel({ id })).toMatchObject({
      ok: false,
      answer: expect.stringContaining('Enter them again'),
    })
    await test.api.updateChannel({ id, config })
    expect(await test.api.testChannel({ id })).toMatchObject({ ok: true })
  })

  it('shows its configuration to administrators only', async () => {
    await using test = await createTest()
    await test.api.addChannel({ kind: 'webhook', name: 'Hook', config: { url: 'http://127.0.0.1:9/' } })
    expect((await test.as('operator').channels())[0]).toMatchObject({ name: 'Hook', config: null })
  })

  it('refuses a configuration that is not complete, and a rule with a channel that is not there', async () => {
    await using test = await createTest()
    const channel = test.api.addChannel({
      kind: 'webhook',
      name: 'Hook',
      config: { url: 'file:///etc/passwd', template: 'no JSON' },
    })
    expect(await refusalOf(channel)).toMatchObject({
      reason: 'channel_invalid',
      params: { field: 'url' },
      fieldErrors: {
        'config.url': [expect.stringContaining('https://'), expect.stringContaining('user name')],
        'config.template': [expect.stringContaining('valid JSON')],
      },
    })
    const rule = test.api.addRule({ kind: 'daemon_down', name: 'Down', channels: [7] })
    expect(await refusalOf(rule)).toMatchObject({ reason: 'not_found' })
  })
})
