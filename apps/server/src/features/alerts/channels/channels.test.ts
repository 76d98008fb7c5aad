import { createHmac } from 'node:crypto'
import type { ChannelSettings } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { startMessageServer } from '../../../../test/message-server.ts'
import { anIncident, sendTools } from '../../../../test/send-tools.ts'
import { sendMessage } from './channels.ts'

const webhookTo = (url: string, changed: object = {}): ChannelSettings => ({
  kind: 'webhook',
  config: { url, secret: null, header: null, headerValue: null, template: null, ...changed },
})

describe('a webhook', () => {
  it('gets the incident as JSON, with a signature of the body and the id of the delivery', async () => {
    await using server = await startMessageServer()
    const settings = webhookTo(`${server.url}/hook?a=1`, {
      secret: 's3cret',
      header: 'X-Api-Key',
      headerValue: 'k3y',
    })
    const result = await sendMessage(settings, { incident: anIncident }, sendTools())
    expect(result).toEqual({ ok: true, answer: 'The server answered 200: ok' })
    const [request] = server.received
    expect(request).toMatchObject({ method: 'POST', path: '/hook?a=1' })
    expect(request?.body).toBe(JSON.stringify({ incident: anIncident }))
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'd-1',
      'x-api-key': 'k3y',
      'x-bangui-signature': `sha256=${createHmac('sha256', 's3cret')
        .update(request?.body ?? '')
        .digest('hex')}`,
    })
  })
})
