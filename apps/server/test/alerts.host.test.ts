import { expect, it } from 'vitest'
import { createBadDay } from './bad-day.ts'
import { eventually } from './eventually.ts'
import { createWebhookReceiver, type Received } from './webhook-receiver.ts'

it('a ban is announced over a webhook, and a kill -9 of BanGUI in the middle of that repeats or forgets nothing', async () => {
  const hanging = Promise.withResolvers<number>()
  const shown = ({ body, headers }: Received) => ({ ...body.incident, key: headers['idempotency-key'] })
  // the first message arrives and is not answered before BanGUI is killed
  await using hook = await createWebhookReceiver((_, count) => (count === 1 ? hanging.promise : 200))
  await using day = await createBadDay({
    jails: [{ name: 'app', bantime: '1h' }],
    environment: {
      BANGUI_ALLOW_PRIVATE_URLS: 'true',
      BANGUI_NODE_NAME: 'web1',
      BANGUI_PUBLIC_URL: 'http://localhost:8080',
    },
  })
  const { api, bangui } = await day.start()
  const config = { url: hook.url, secret: 'hunter2hunter2' }
  const { id: channel } = await api.alerts.addChannel.mutate({ kind: 'webhook', name: 'Hook', config })
  await api.alerts.addRule.mutate({
    kind: 'address_of_interest',
    name: 'The office',
    channels: [channel],
    addresses: ['203.0.113.0/28'],
  })
  await day.ban('app', '203.0.113.7', '198.51.100.7')
  await eventually(async () => expect(hook.received).toHaveLength(1))
  await bangui.kill('SIGKILL')
  hanging.resolve(200)

  const again = await day.start()
  await eventually(async () => {
    const { rows } = await again.api.alerts.deliveries.query()
    expect(rows).toMatchObject([{ state: 'sent', doubtful: true, attempts: 2 }])
  })
  expect(hook.received).toHaveLength(2)
  const [first, second] = hook.received.map(shown)
  expect(second).toEqual(first)
  expect(first).toMatchObject({
    state: 'open',
    title: '203.0.113.0/28 was banned on web1',
    url: expect.stringContaining('http://localhost:8080/alerts?incident='),
  })
  const { rows } = await again.api.alerts.incidents.query({ state: 'open' })
  expect(rows).toMatchObject([{ rule: 'address_of_interest', state: 'notified', count: 1 }])

  // another ban of the same network belongs to the same incident
  await day.ban('app', '203.0.113.8')
  await eventually(async () =>
    expect((await again.api.alerts.incidents.query({})).rows).toMatchObject([{ count: 2 }]),
  )
  expect(hook.received).toHaveLength(2)
})
