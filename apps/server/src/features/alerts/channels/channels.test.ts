import { createHmac } from 'node:crypto'
import type { ChannelSettings } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { startMessageServer } from '../../../../test/message-server.ts'
import { anIncident, hostileIncident, sendTools } from '../../../../test/send-tools.ts'
import type { AlertMessage } from './channel.ts'
import { sendMessage } from './channels.ts'

const webhookTo = (url: string, changed: object = {}): ChannelSettings => ({
  kind: 'webhook',
  config: { url, secret: null, header: null, headerValue: null, template: null, ...changed },
})
const ntfyAt = (url: string): ChannelSettings => ({
  kind: 'ntfy',
  config: { url, topic: 'bans', token: 'tk_secret' },
})
const gotifyAt = (url: string): ChannelSettings => ({
  kind: 'gotify',
  config: { url: `${url}/gotify/`, token: 'A.secret' },
})
const telegramAt = (url: string): ChannelSettings => ({
  kind: 'telegram',
  config: { url, token: '123:secret', chat: '-100200' },
})
const discordAt = (url: string): ChannelSettings => ({
  kind: 'discord',
  config: { url: `${url}/api/webhooks/1/secret` },
})
const slackAt = (url: string): ChannelSettings => ({
  kind: 'slack',
  config: { url: `${url}/services/T/B/secret` },
})
const kinds = {
  webhook: webhookTo,
  ntfy: ntfyAt,
  gotify: gotifyAt,
  telegram: telegramAt,
  discord: discordAt,
  slack: slackAt,
}
const eachKind = Object.entries(kinds)

async function receive(at: (url: string) => ChannelSettings, message: AlertMessage) {
  await using server = await startMessageServer()
  const result = await sendMessage(at(server.url), message, sendTools())
  expect(result).toEqual({ ok: true, answer: 'The server answered 200: ok' })
  const [request] = server.received
  expect(request?.method).toBe('POST')
  expect(request?.headers['content-type']).toBe('application/json')
  const body = request?.body ?? ''
  return { path: request?.path, headers: request?.headers ?? {}, body, json: JSON.parse(body) as unknown }
}

async function refuse(
  at: (url: string) => ChannelSettings,
  answer: { status: number; headers?: Record<string, string>; body?: string },
) {
  await using server = await startMessageServer()
  server.test.reply = (response) => response.writeHead(answer.status, answer.headers).end(answer.body)
  return await sendMessage(at(server.url), { incident: anIncident }, sendTools())
}

describe('a webhook', () => {
  it('gets the incident as JSON, with a signature of the body and the id of the delivery', async () => {
    const at = (url: string) =>
      webhookTo(`${url}/hook?a=1`, { secret: 's3cret', header: 'X-Api-Key', headerValue: 'k3y' })
    const { path, headers, body } = await receive(at, { incident: anIncident, more: 213 })
    expect(path).toBe('/hook?a=1')
    expect(body).toBe(JSON.stringify({ incident: anIncident, more: 213 }))
    expect(headers).toMatchObject({
      'idempotency-key': 'd-1',
      'x-api-key': 'k3y',
      'x-bangui-signature': `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`,
    })
  })

  it('gets no signature and no header of a secret where there is none', async () => {
    const { headers } = await receive(webhookTo, { incident: anIncident })
    expect(Object.keys(headers).sort()).toEqual(
      expect.arrayContaining(['content-length', 'content-type', 'host', 'idempotency-key', 'user-agent']),
    )
    expect(headers).not.toHaveProperty('x-bangui-signature')
    expect(headers).not.toHaveProperty('authorization')
  })

  it('gets a template whose strings no value can end', async () => {
    const template =
      '{"msgtype": "text", "n": 1, "text": {"content": "{{title}} on {{ host }}: {{nothing}}"}}'
    const at = (url: string) => webhookTo(url, { template })
    const { body, json } = await receive(at, { incident: hostileIncident })
    expect(body.startsWith('{"msgtype": "text", "n": 1, "text": {"content": "@everyone')).toBe(true)
    expect(json).toMatchObject({
      msgtype: 'text',
      text: { content: expect.stringContaining('", "admin": true, "x": "') as string },
    })
    expect(json).not.toHaveProperty('admin')
    expect((json as { text: { content: string } }).text.content).toContain('on "host\\: {{nothing}}')
  })

  it('is not sent with a template whose placeholders stand outside of strings', async () => {
    await using server = await startMessageServer()
    const settings = webhookTo(server.url, { template: '{"a": {{title}}}' })
    const result = await sendMessage(settings, { incident: anIncident }, sendTools())
    expect(result).toMatchObject({ ok: false, permanent: true })
    expect(server.received).toEqual([])
  })

  it('gets the text of a digest', async () => {
    const digest = { title: 'A day of web-1', text: '12 bans', url: null }
    const { json } = await receive(webhookTo, { digest })
    expect(json).toEqual({ digest })
  })

  it('has accepted the message by its status, also where the rest of its answer is too long to be read', async () => {
    const headers = { 'transfer-encoding': 'chunked' }
    const result = await refuse(webhookTo, { status: 200, headers, body: 'x'.repeat(3 * 2 ** 20) })
    expect(result).toMatchObject({ ok: true })
  })
})

describe('the other services', () => {
  it('ntfy gets the topic, a priority and a link', async () => {
    const { path, headers, json } = await receive(ntfyAt, { incident: anIncident, more: 2 })
    expect(path).toBe('/')
    expect(headers['authorization']).toBe('Bearer tk_secret')
    expect(json).toEqual({
      topic: 'bans',
      title: 'fail2ban on web-1 is down',
      message: 'Nobody is banned until it runs again. Start it.\n… and 2 more',
      priority: 5,
      tags: ['rotating_light'],
      click: 'https://bangui.example/',
    })
  })

  it('ntfy gets at most 4,096 bytes, since a longer message becomes a file', async () => {
    const incident = { ...anIncident, text: '€'.repeat(5_000) }
    const { json } = await receive(ntfyAt, { incident })
    const { message } = json as { message: string }
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096)
    expect(message).toMatch(/^€+…$/)
  })

  it('Gotify gets the message below the path of its server', async () => {
    const { path, headers, json } = await receive(gotifyAt, {
      incident: { ...anIncident, state: 'resolved' },
    })
    expect(path).toBe('/gotify/message')
    expect(headers['x-gotify-key']).toBe('A.secret')
    expect(json).toEqual({
      title: 'Resolved: fail2ban on web-1 is down',
      message: 'Nobody is banned until it runs again. Start it.',
      priority: 3,
      extras: {
        'client::display': { contentType: 'text/plain' },
        'client::notification': { click: { url: 'https://bangui.example/' } },
      },
    })
  })

  it('Telegram gets a text with a bold title and no markup', async () => {
    const { path, json } = await receive(telegramAt, { incident: anIncident })
    expect(path).toBe('/bot123:secret/sendMessage')
    expect(json).toEqual({
      chat_id: -100_200,
      text: 'fail2ban on web-1 is down\nNobody is banned until it runs again. Start it.\n\nhttps://bangui.example/',
      entities: [{ type: 'bold', offset: 0, length: 25 }],
      link_preview_options: { is_disabled: true },
      disable_notification: false,
    })
  })

  it('Telegram gets at most 4,096 characters with the link', async () => {
    const { json } = await receive(telegramAt, { incident: { ...anIncident, text: '😀'.repeat(4_000) } })
    const { text } = json as { text: string }
    expect(text.length).toBeLessThanOrEqual(4_096)
    expect(text.isWellFormed()).toBe(true)
    expect(text.endsWith('…\n\nhttps://bangui.example/')).toBe(true)
  })

  it('Discord gets an embed that mentions nobody', async () => {
    const { path, json } = await receive(discordAt, { incident: anIncident })
    expect(path).toBe('/api/webhooks/1/secret?wait=true')
    expect(json).toEqual({
      username: 'BanGUI',
      embeds: [
        {
          title: String.raw`fail2ban on web\-1 is down`,
          description: String.raw`Nobody is banned until it runs again\. Start it\.`,
          color: 0xc4_31_4b,
          url: 'https://bangui.example/',
        },
      ],
      allowed_mentions: { parse: [] },
    })
  })

  it('Discord gets at most 4,096 characters after the escapes', async () => {
    const { json } = await receive(discordAt, { incident: { ...anIncident, text: '*_~`'.repeat(2_000) } })
    const { description } = (json as { embeds: { description: string }[] }).embeds[0] ?? { description: '' }
    expect(description.length).toBeGreaterThan(4_000)
    expect(description.length).toBeLessThanOrEqual(4_096)
    expect(description).toMatch(/^(?:\\[*_~`])+…$/)
  })

  it('Slack gets a block without markup, and a text for notifications', async () => {
    const { path, json } = await receive(slackAt, { incident: anIncident })
    expect(path).toBe('/services/T/B/secret')
    const text = 'Nobody is banned until it runs again. Start it.'
    expect(json).toEqual({
      text: `fail2ban on web-1 is down\n${text}\nhttps://bangui.example/`,
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'fail2ban on web-1 is down', style: { bold: true } },
                { type: 'text', text: `\n${text}\n` },
                { type: 'link', url: 'https://bangui.example/', text: 'Open in BanGUI' },
              ],
            },
          ],
        },
      ],
      unfurl_links: false,
      unfurl_media: false,
    })
  })
})

describe('hostile names and log lines', () => {
  it('mention nobody, are no markup and no link in Telegram', async () => {
    const { json } = await receive(telegramAt, { incident: hostileIncident })
    const { text } = json as { text: string }
    expect(text).not.toMatch(/@everyone|@admin|#tag|\/start|https?:\/\/evil/)
    expect(json).not.toHaveProperty('parse_mode')
  })

  it('mention nobody, are no markup and no link in Discord', async () => {
    const { body } = await receive(discordAt, { incident: hostileIncident })
    expect(body).not.toMatch(/[^\\]@everyone|[^\\]<@1>|[^\\]\*\*|[^\\]\[x\]|http:\/\/evil/)
  })

  it('mention nobody in the text of Slack', async () => {
    const { json } = await receive(slackAt, { incident: hostileIncident })
    const { text } = json as { text: string }
    expect(text).toContain('&lt;!channel&gt; &lt;@U1&gt;')
    expect(text).not.toMatch(/<(?!$)/)
  })

  it.each(eachKind)(
    'reach %s without control and hidden characters, and the title as one line',
    async (kind, at) => {
      const { json } = await receive(at, { incident: hostileIncident })
      if (kind === 'webhook') return expect(json).toEqual({ incident: hostileIncident })
      const { title } = json as { title?: string }
      expect(title ?? '').not.toContain('\n')
      // Telegram's own word joiners apart
      expect(JSON.stringify(json).replaceAll('\u2060', '')).not.toMatch(
        /\\u00|\\r|[\u202A-\u202E\u200B-\u200F]/,
      )
    },
  )
})

describe('an answer that is no success', () => {
  it.each([
    ['webhook', webhookTo, { status: 401, body: 'wrong token' }, 'The server answered 401: wrong token'],
    ['webhook', webhookTo, { status: 404 }, 'The server answered 404.'],
    [
      'webhook',
      webhookTo,
      { status: 403, body: '<!DOCTYPE html><title>No</title>' },
      'The server answered 403: an HTML page',
    ],
    [
      'ntfy',
      ntfyAt,
      { status: 403, body: '{"code":40301,"http":403,"error":"forbidden","link":"https://ntfy.sh/docs"}' },
      'The server answered 403: forbidden',
    ],
    [
      'Gotify',
      gotifyAt,
      {
        status: 401,
        body: '{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token"}',
      },
      'The server answered 401: you need to provide a valid access token',
    ],
    [
      'Telegram',
      telegramAt,
      { status: 400, body: '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}' },
      'The server answered 400: Bad Request: chat not found',
    ],
    [
      'Discord',
      discordAt,
      { status: 404, body: '{"message": "Unknown Webhook", "code": 10015}' },
      'The server answered 404: Unknown Webhook',
    ],
    [
      'Slack',
      slackAt,
      { status: 404, body: 'no_service' },
      'The server answered 404: this webhook was removed or switched off',
    ],
  ] as const)('of %s is said in words and not tried again', async (...[, at, answer, words]) => {
    expect(await refuse(at, answer)).toEqual({ ok: false, answer: words, permanent: true })
  })

  it.each(eachKind)('of %s is tried again where the server is at fault', async (_kind, at) => {
    const result = await refuse(at, { status: 500, body: 'down' })
    expect(result).toEqual({ ok: false, answer: 'The server answered 500: down' })
  })

  it.each(eachKind)('of %s is tried again after the time that the server wants', async (_kind, at) => {
    const result = await refuse(at, { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' })
    expect(result).toMatchObject({ ok: false, retryAfterMs: 7_000 })
    expect(result).not.toHaveProperty('permanent')
  })

  it.each([
    ['a date', 'Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['more than an hour', '86400', 3_600_000],
  ])('has a Retry-After that is %s', async (_name, value, retryAfterMs) => {
    const result = await refuse(webhookTo, { status: 503, headers: { 'retry-after': value } })
    expect(result).toMatchObject({ ok: false, retryAfterMs })
  })

  it('ignores a Retry-After that is nonsense', async () => {
    const result = await refuse(webhookTo, { status: 429, headers: { 'retry-after': 'soon' } })
    expect(result).toEqual({ ok: false, answer: 'The server answered 429.' })
  })

  it.each([
    [
      'Telegram',
      telegramAt,
      '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":12}}',
      12_000,
    ],
    ['Discord', discordAt, '{"message":"You are being rate limited.","retry_after":0.5,"global":false}', 500],
  ] as const)('of %s says in its body how long to wait', async (...[, at, body, retryAfterMs]) => {
    expect(await refuse(at, { status: 429, body })).toMatchObject({ ok: false, retryAfterMs })
  })

  it('is not followed where it is a redirect', async () => {
    await using other = await startMessageServer()
    const result = await refuse(webhookTo, { status: 307, headers: { location: other.url } })
    expect(result).toMatchObject({ ok: false, permanent: true })
    expect(other.received).toEqual([])
  })

  it('does not show a secret that the server repeats', async () => {
    const result = await refuse(telegramAt, { status: 404, body: 'no bot 123:secret, 123%3Asecret' })
    expect(result.answer).toBe('The server answered 404: no bot …, …')
    const slack = await refuse(slackAt, { status: 404, body: 'nothing at /services/T/B/secret' })
    expect(slack.answer).toBe('The server answered 404: nothing at …')
  })

  it('of Slack that is the name of something in JavaScript is only a text', async () => {
    const result = await refuse(slackAt, { status: 404, body: 'constructor' })
    expect(result).toEqual({ ok: false, answer: 'The server answered 404: constructor', permanent: true })
  })

  it('is cut to a few words', async () => {
    const { answer } = await refuse(webhookTo, { status: 400, body: 'no '.repeat(3_000) })
    expect(answer.length).toBeLessThan(350)
  })

  it('is an error on the way, such as a server that does not listen', async () => {
    const { url } = await startAndStop()
    const result = await sendMessage(webhookTo(url), { incident: anIncident }, sendTools())
    expect(result.ok).toBe(false)
    expect(result).not.toHaveProperty('permanent')
  })
})

async function startAndStop() {
  await using server = await startMessageServer()
  return { url: server.url }
}
