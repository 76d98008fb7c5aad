import type { ChannelSettings } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { startMessageServer } from '../../../../test/message-server.ts'
import { anIncident, sendTools } from '../../../../test/send-tools.ts'
import { createFetchPublic } from '../../../lib/fetch-public.ts'
import { secretsOfProxies } from '../../../lib/hide-secrets.ts'
import { sendMessage } from './channels.ts'

const webhookTo = (url: string, changed: object = {}): ChannelSettings => ({
  kind: 'webhook',
  config: { url, secret: null, header: null, headerValue: null, template: null, ...changed },
})
const slackAt = (url: string): ChannelSettings => ({
  kind: 'slack',
  config: { url: `${url}/services/T/B/secret` },
})
const telegramAt = (url: string): ChannelSettings => ({
  kind: 'telegram',
  config: { url, token: '123:secret', chat: '-100200' },
})

describe('the answer of a server', () => {
  it.each([
    [telegramAt, '123:secret'],
    [slackAt, '/services/T/B/secret'],
    [(url: string) => webhookTo(`${url}/in?token=hunter22`), 'hunter22'],
    [
      (url: string) => webhookTo(url, { header: 'Authorization', headerValue: 'Bearer t0ken-12' }),
      't0ken-12',
    ],
  ])('shows no half of a secret where it is cut: %o', async (at, secret) => {
    await using server = await startMessageServer()
    for (let before = 290; before <= 300; before += 2) {
      const body = `${'x'.repeat(before)}${secret} ${'y'.repeat(99)}`
      server.test.reply = (response) => response.writeHead(400).end(body)
      const { answer } = await sendMessage(at(server.url), { incident: anIncident }, sendTools())
      expect(answer).toMatch(/x…/)
      expect(answer).not.toContain(`x${secret.slice(0, 3)}`)
    }
  })

  it('does not show the credentials of the proxy', async () => {
    await using server = await startMessageServer()
    server.test.reply = (response, request) =>
      response.writeHead(502).end(`Cache error for ${request.headers['proxy-authorization']}`)
    const proxy = server.url.replace('//', '//user:pass%20word@')
    const proxies = { http: proxy, https: null, no: '' }
    const fetchPublic = createFetchPublic({ allowPrivateUrls: true, proxies })
    const tools = sendTools({ fetchPublic, secrets: secretsOfProxies(proxies) })
    const { answer } = await sendMessage(webhookTo('http://192.0.2.1/hook'), { incident: anIncident }, tools)
    expect(answer).toBe('The server answered 502: Cache error for Basic …')
  })
})
