import type { Event, Operation } from '@bangui/shared'
import { cleanup, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it } from 'vitest'
import { previewOf } from '../test/ban-dialog.tsx'
import { type Procedures, Refusal } from '../test/fake-api.ts'
import { banOf, jailOf, offlineStatus, pendingOf, runtimeOf, T0, watchingOf } from '../test/fixtures.ts'
import { activityCountsOf, historyRowOf, statsProcedures, trendOf } from '../test/stats-fixtures.ts'
import { type PageOptions, renderPage } from '../test/render-page.tsx'
import { settingsOf } from '../test/settings-page.tsx'
import { ActivityPage } from './features/activity/activity-page.tsx'
import { AddressPage } from './features/addresses/address-page.tsx'
import { BanDialogHost } from './features/bans/ban-dialog-host.tsx'
import { closeBanDialog } from './bans/ban-dialog-state.ts'
import { openBanDialog } from './bans/open-ban-dialog.ts'
import { BansPage } from './features/bans/bans-page.tsx'
import { JailPage } from './features/jails/jail-page.tsx'
import { JailsPage } from './features/jails/jails-page.tsx'
import { noteSwitch } from './features/jails/switch-state.ts'
import { MapPage } from './features/map/map-page.tsx'
import { StatisticsPage } from './features/statistics/statistics-page.tsx'
import { OverviewPage } from './features/overview/overview-page.tsx'
import { Palette } from './features/palette/palette.tsx'
import { SettingsPage } from './features/settings/settings-page.tsx'
import { Banners } from './shell/banners.tsx'
import { dismissAllToasts, ToastRegion } from './ui/toast.tsx'
import { TooltipLayer } from './ui/tooltip.tsx'

/** Characters that reverse the direction of writing and that have no width. */
const HIDDEN = '\u202E\u200B'
const odd = (text: string) => `${text}${HIDDEN}`
const name = odd('sshd')

const jail = jailOf(name, {
  currentlyBanned: 12,
  filter: odd('filter'),
  backend: odd('backend'),
  logPaths: [odd('/var/log/a'), odd('/var/log/b')],
  problem: odd('problem'),
})
const off = jailOf(odd('off'), { enabled: false, running: false, problem: odd('problem') })
const missing = jailOf(odd('missing'), { running: false })

const by = { kind: 'user', name: odd('ada') } as const
const ban = banOf('203.0.113.7', { jail: name, by, reason: odd('reason') })
const row = historyRowOf({
  address: '203.0.113.7',
  jail: name,
  by,
  reason: odd('reason'),
  endReason: 'unbanned',
  endedBy: odd('grace'),
})

const events: Event[] = [
  { type: 'ban.added', at: T0, jail: name, address: '203.0.113.7', by },
  { type: 'ban.removed', at: T0, jail: name, address: '203.0.113.7', reason: 'unbanned', by: odd('grace') },
  { type: 'failure.found', at: T0, jail: name, address: '203.0.113.7' },
  { type: 'failure.ignored', at: T0, jail: name, address: '203.0.113.7', by: odd('ignorecommand') },
  { type: 'action.failed', at: T0, jail: name, action: odd('action'), verb: odd('ban') },
  { type: 'jail.changed', at: T0, jail: name, change: 'stopped', by: odd('ada') },
  { type: 'daemon.changed', at: T0, online: true, version: odd('1.1.0') },
  {
    type: 'health.changed',
    at: T0,
    jail: name,
    finding: 'a',
    check: 'log-gone',
    severity: 'critical',
    title: odd('The log has gone'),
    change: 'accepted',
    accepted: true,
    by: odd('ada'),
  },
]

const operation: Operation = {
  id: 'a',
  kind: 'unban',
  title: odd('Unbanning in sshd'),
  done: 1,
  total: 2,
  state: 'running',
  startedAt: T0,
  endedAt: null,
  message: null,
  cancellable: true,
  host: 'local',
  actor: { kind: 'user', name: odd('ada') },
  undoable: false,
  resumable: false,
  undoes: null,
}

const settings = ['maxretry', 'logpath', 'banaction', 'filter', 'ignoreip'].map((key) => ({
  key,
  value: odd('value'),
  file: odd('/etc/fail2ban/jail.local'),
  line: 7,
}))

const change = {
  name,
  already: false,
  refused: null,
  refusedReason: null,
  readOnly: false,
  files: [{ path: odd('/etc/zz.local'), diff: `@@ -0,0 +1,2 @@\n+[${name}]\n+enabled = true\n` }],
  warnings: [odd('warning')],
  risks: [{ cause: 'actions', jails: [name] }],
  confirmWithin: 60,
  lockOut: {
    lockedOut: [
      {
        address: '192.0.2.7',
        jail: name,
        reason: 'banned',
        failures: 0,
        at: null,
        ssh: false,
        users: [odd('anna')],
      },
    ],
    addresses: 1,
    lines: 1,
    unknown: [odd('why')],
  },
} as const

const file = { path: odd('/etc/ignored'), addresses: ['192.0.2.1'], total: 1, others: 0, problem: odd('why') }

const procedures: Procedures = {
  ...statsProcedures,
  'stats.trend': () => trendOf({ series: [{ jail: name, points: [1, 2] }] }),
  'stats.byJail': () => [{ key: name, bans: 1, failures: 1, asOf: T0 }],
  'history.list': () => ({ rows: [row], nextCursor: null }),
  'history.activity': () => ({
    rows: [
      { type: 'ban', id: 'ban-1', at: T0, ban: row, tried: [{ name: odd('root'), lines: 2 }] },
      ...events.map((event, index) => ({ type: 'event', id: `event-${index}`, at: T0, event })),
      { type: 'operation', id: 'a', at: T0, operation },
    ],
    nextCursor: null,
  }),
  'history.activityCounts': () => activityCountsOf(),
  'stats.states': () => [{ jail: name, days: [] }],
  'history.lines': () => ({ id: 1, lines: [odd('line')] }),
  'history.events': () => events.map((event, index) => ({ seq: index + 1, event })),
  'history.address': () => ({
    address: '203.0.113.7',
    kind: 'public',
    country: 'NL',
    asn: 64_500,
    organisation: odd('organisation'),
    network: '203.0.113.0/24',
    active: [ban],
    bans: [row],
    totals: { bans: 1, jails: 1, firstAt: T0, lastAt: T0 },
    failures: [{ at: T0, jail: name, address: '203.0.113.7' }],
    timeline: [{ day: Math.floor(Date.now() / 86_400_000) * 86_400_000, jail: name, bans: 1 }],
    lines: [odd('line')],
    recordedSince: 0,
    neighbours: [{ address: '203.0.113.8', bans: 1, lastAt: T0, active: true }],
    ignoredBy: [name],
  }),
  'bans.list': () => ({ rows: [ban], total: 1, nextCursor: null }),
  'bans.unban': () => ({ unbanned: 1, absent: 0 }),
  'bans.preview': (input) =>
    previewOf(input, {
      jail: name,
      refused: [{ address: '192.0.2.1', reason: 'ignored', message: odd('ignored by sshd') }],
    } as never),
  'jails.get': () => ({ ...jail, configured: { bantime: 1, findtime: 1, maxretry: 1 }, settings }),
  'jails.tuning': () => ({
    bantime: 600,
    findtime: 600,
    maxretry: 5,
    ignored: [odd('host')],
    ignoredFiles: [file],
  }),
  'jails.filter': () => ({ failRegex: [odd('fail')], ignoreRegex: [odd('ignore')], prefRegex: odd('pref') }),
  'jails.preview': () => ({ ...change, enabled: true, bansEnding: 3 }),
  'jails.previewUpdate': () => ({
    ...change,
    loads: true,
    changes: [
      { key: odd('maxretry'), now: odd('5'), after: odd('3'), kind: 'asked' },
      { key: 'ignoreip', now: odd('host'), after: null, kind: 'temporary' },
      { key: odd('usedns'), now: odd('warn'), after: odd('no'), kind: 'lost' },
    ],
  }),
  'jails.stop': () => {
    throw new Refusal('daemon_refused', odd('fail2ban refused'))
  },
  'settings.get': () => settingsOf({ value: odd('value') as never }),
  'geo.status': () => ({ provider: 'file', message: odd('message'), builtAt: T0, hasNetworks: true }),
  'server.executor': () => ({
    pid: 7,
    hostname: odd('web-1'),
    thisProcess: true,
    createdAt: T0,
    heartbeatAgeSeconds: 3,
  }),
}

const pending = pendingOf({ jailName: name, cause: 'jails_missing', missingJails: [name, missing.name] })
const runtime = runtimeOf({
  node: odd('web-1'),
  configNotices: (['refused', 'passed_over', 'unreadable', 'hint'] as const).map((kind) => ({
    kind,
    file: odd('/etc/fail2ban/jail.local'),
    line: 7,
    jail: null,
    message: odd('message'),
    output: odd('output'),
  })),
  lostBans: { count: 1, at: T0, jails: [{ jail: name, count: 1 }] },
  watching: watchingOf({ state: 'unreadable', message: odd('message'), path: odd('/var/log/f') }),
})
const stopped = { ...offlineStatus, message: odd('message') }

afterEach(() => {
  noteSwitch(undefined)
  closeBanDialog()
  dismissAllToasts()
})

/** Renders a page with notices, toasts and tooltips, with unusual text everywhere. */
function show(page: () => ReturnType<typeof JailPage>, options: PageOptions = {}) {
  const shown = renderPage(
    () => (
      <>
        <Banners />
        {page()}
        <BanDialogHost />
        <ToastRegion />
        <TooltipLayer />
      </>
    ),
    { jails: [jail, off, missing], operations: [operation], procedures, runtime, ...options },
  )
  shown.live.send({ type: 'events', host: 'local', events, counts: {} })
  return { ...shown, user: userEvent.setup() }
}

/** Attributes that people read; links, values and data keep the raw name. */
const attributes = [
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'title',
  'alt',
  'placeholder',
  'label',
  'data-tooltip',
]

/** Returns all texts and readable attributes of the document that contain a hidden character. */
function rawTexts(): string[] {
  const found = document.title.includes('\u202E') ? [`title: ${document.title}`] : []
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of attributes) {
      // the layer of tooltips cleans what it shows
      if (attribute !== 'data-tooltip' && element.getAttribute(attribute)?.includes('\u202E'))
        found.push(`${element.localName}[${attribute}]: ${element.getAttribute(attribute)}`)
    }
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE && node.nodeValue?.includes('\u202E'))
        found.push(`${element.localName}.${element.className}: ${node.nodeValue}`)
  }
  return found.map((text) => text.replaceAll(HIDDEN, '·'))
}

const settle = () => waitFor(() => expect(document.querySelectorAll('[aria-busy="true"]')).toHaveLength(0))

const jailPath = `/jails/${encodeURIComponent(name)}`

const pages: readonly (readonly [string, () => ReturnType<typeof JailPage>, PageOptions])[] = [
  ['overview', OverviewPage, { path: '/' }],
  ['statistics', StatisticsPage, { path: '/statistics' }],
  ['jails', JailsPage, { path: '/jails' }],
  ...['now', 'bans', 'settings', 'filter', 'actions', 'log'].map(
    (tab) => [`jail, ${tab}`, JailPage, { path: `${jailPath}?tab=${tab}`, pattern: '/jails/:name' }] as const,
  ),
  ['bans', BansPage, { path: `/bans?jail=${encodeURIComponent(name)}` }],
  ['activity', ActivityPage, { path: `/activity?jail=${encodeURIComponent(name)}&open=ban-1` }],
  [
    'history in fail2ban’s database',
    ActivityPage,
    { path: `/activity?source=live&jail=${encodeURIComponent(name)}&open=1` },
  ],
  ['address', AddressPage, { path: '/addresses/203.0.113.7', pattern: '/addresses/:address' }],
  ['map', MapPage, { path: '/map?country=NL' }],
  ['palette', () => <Palette open onOpenChange={() => undefined} />, {}],
  ...['general', 'fail2ban', 'account', 'about'].map(
    (tab) => [`settings, ${tab}`, SettingsPage, { path: `/settings?tab=${tab}` }] as const,
  ),
  [
    'overview with a recovery',
    OverviewPage,
    { path: '/', runtime: { ...runtime, serverStatus: stopped, pendingRecovery: pending } },
  ],
  [
    'overview of a stopped fail2ban',
    OverviewPage,
    { path: '/', runtime: { ...runtime, serverStatus: stopped } },
  ],
]

it.each(pages)('no name or text is shown with its hidden characters: %s', async (_, page, options) => {
  const { user } = show(page, options)
  await settle()
  for (const button of screen.queryAllByRole('button', { name: /^(?:What to do|Show more|Details)/ }))
    await user.click(button)
  expect(rawTexts()).toEqual([])
})

it.each([
  ['Stop it', /^Stop/],
  ['Pause it', /^Pause/],
  ['Switch it off', /^Deactivate/],
])('no confirmation and no toast shows hidden characters: %s', async (_, item) => {
  const { user } = show(JailPage, { path: jailPath, pattern: '/jails/:name' })
  await settle()
  const direct = screen.queryAllByRole('button', { name: item })
  if (direct[0]) await user.click(direct[0])
  else {
    await user.click(screen.getByRole('button', { name: /^Actions for/ }))
    await user.click(await screen.findByRole('menuitem', { name: item }))
  }
  await settle()
  expect(rawTexts()).toEqual([])
  cleanup()
})

it('the ban dialog shows no hidden characters', async () => {
  const { user } = show(BansPage, { path: '/bans' })
  openBanDialog({ addresses: ['203.0.113.9', '192.0.2.1'], jail: name })
  await screen.findByRole('dialog')
  await user.click(screen.getByRole('dialog'))
  await settle()
  expect(rawTexts()).toEqual([])
})

it('no toast after an unban shows hidden characters', async () => {
  const { user, live } = show(AddressPage, {
    path: '/addresses/203.0.113.7',
    pattern: '/addresses/:address',
  })
  await user.click(await screen.findByRole('button', { name: /^Unban in/ }))
  live.send({ type: 'operation', ...operation, state: 'done', message: odd('message') })
  await settle()
  expect(rawTexts()).toEqual([])
})

it('the dialog of a permanent change shows no hidden characters', async () => {
  const { user } = show(JailPage, { path: jailPath, pattern: '/jails/:name' })
  await settle()
  await user.click(await screen.findByRole('button', { name: 'Apply and save…' }))
  await screen.findByText('Changed until the next load')
  expect(rawTexts()).toEqual([])
})
