import { createFetchPublic } from '../src/lib/fetch-public.ts'
import { resolvePublic } from '../src/lib/resolve-public.ts'
import type { AlertIncident, SendTools } from '../src/features/alerts/channels/channel.ts'

/** What a channel gets in a test: it may reach this machine. */
export function sendTools(changed: Partial<SendTools> = {}): SendTools {
  return {
    fetchPublic: createFetchPublic({ allowPrivateUrls: ['127.0.0.1'] }),
    resolvePublic: (request) => resolvePublic(request, { allowPrivate: ['127.0.0.1'] }),
    deliveryId: 'd-1',
    now: () => Date.UTC(2026, 0, 1),
    signal: new AbortController().signal,
    secrets: [],
    ...changed,
  }
}

/** An incident as channels get it. */
export const anIncident: AlertIncident = {
  id: 'i-1',
  rule: 'daemon_down',
  state: 'open',
  severity: 'critical',
  host: 'web-1',
  title: 'fail2ban on web-1 is down',
  text: 'Nobody is banned until it runs again. Start it.',
  url: 'https://bangui.example/',
  at: Date.UTC(2026, 0, 1),
}

/** An incident whose names want to be mentions, markup, links, other headers and other JSON. */
export const hostileIncident: AlertIncident = {
  ...anIncident,
  host: '"host\\',
  title:
    '@everyone <!channel> <@U1> **bold** [x](http://evil.example) ", "admin": true, "x": "\r\nBcc: a@b.example',
  text: 'jail \u202Egnp.exe\u0000\u001B[31m <@1> @admin #tag /start `code` https://evil.example <b>&amp;</b>\u200B',
}
