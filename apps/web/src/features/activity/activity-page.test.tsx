import type { ActivityRow, Event } from '@bangui/shared'
import { screen, waitFor, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { jailOf, T0 } from '../../../test/fixtures.ts'
import { activityCountsOf, banEntryOf, statsProcedures } from '../../../test/stats-fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { ActivityPage } from './activity-page.tsx'

function show(options: PageOptions = {}) {
  const page = renderPage(ActivityPage, {
    jails: [jailOf('sshd'), jailOf('nginx')],
    path: '/activity',
    procedures: statsProcedures,
    ...options,
  })
  return { ...page, user: userEvent.setup() }
}

const list = () => screen.findByRole('list', { name: 'Activity, newest first' })
const asked = (calls: readonly string[]) =>
  calls
    .filter((call) => call.startsWith('history.activity {'))
    .map((call) => JSON.parse(call.slice(17)) as object)

const entryOf = (seq: number, event: Event): ActivityRow => ({
  type: 'event',
  id: `event-${seq}`,
  at: event.at,
  event,
})

const rows: ActivityRow[] = [
  entryOf(9, { type: 'failure.found', at: T0, jail: 'nginx', address: '198.51.100.7', country: 'FR' }),
  entryOf(8, { type: 'jail.changed', at: T0, jail: 'nginx', change: 'stopped', by: 'ada' }),
  banEntryOf(),
  {
    type: 'operation',
    id: 'op-1',
    at: T0,
    operation: {
      id: 'op-1',
      host: 'local',
      kind: 'jail.reload',
      title: 'Reloading sshd',
      actor: { kind: 'user', name: 'ada' },
      state: 'failed',
      done: 0,
      total: null,
      startedAt: T0,
      endedAt: T0,
      message: 'The filter does not exist.',
      cancellable: false,
      undoable: false,
      resumable: false,
      undoes: null,
    },
  },
]

const serving = (served: () => readonly ActivityRow[]) => ({
  ...statsProcedures,
  'history.activity': () => ({ rows: [...served()], nextCursor: null }),
})

describe('the activity', () => {
  it('has bans, failures, jails and changes in one list, with the names that were tried', async () => {
    show({ procedures: serving(() => rows) })
    const texts = within(await list())
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent)
    expect(texts[0]).toMatch(/Failure.*198\.51\.100\.7.*nginx.*France/)
    expect(texts[1]).toMatch(/Jail stopped.*nginx.*by ada/)
    expect(texts[2]).toMatch(/Banned.*192\.0\.2\.1.*sshd.*tried root ×4 · 5 failures · for 10 min · expired/)
    expect(texts[3]).toMatch(/Reloading sshd.*by ada · failed · The filter does not exist\./)
  })

  it('opens a ban to its log lines, shown as text, and keeps it open in the URL', async () => {
    const { user, history } = show({
      procedures: {
        ...statsProcedures,
        'history.lines': () => ({ id: 1, lines: ['for <b>root</b>', 'again'] }),
      },
    })
    await list()
    await user.click(screen.getByRole('button', { name: 'Show details of the ban of 192.0.2.1' }))
    const lines = await screen.findByRole('region', { name: 'Log lines' })
    expect(lines.textContent).toBe('for <b>root</b>\nagain')
    await waitFor(() => expect(history.get()).toBe('/activity?open=ban-1'))
  })

  it('is narrowed by chips that count, and by the fields, in the URL', async () => {
    const { user, history, calls } = show({
      path: '/activity?range=all&jail=sshd&country=DE&search=192.0.2.0/24&origin=user',
      procedures: {
        ...statsProcedures,
        'history.activityCounts': () => activityCountsOf({ ban: null, failure: 1_163 }),
      },
    })
    await list()
    const chips = screen.getByRole('group', { name: 'Kinds' })
    await user.click(await within(chips).findByRole('button', { name: 'Failures 1,163' }))
    expect(within(chips).getByRole('button', { name: 'Bans 10,000+' })).toHaveAttribute(
      'aria-pressed',
      'false',
    )
    expect(new URLSearchParams(history.get().slice(9)).get('type')).toBe('failure')
    await waitFor(() =>
      expect(asked(calls).at(-1)).toEqual({
        kinds: ['failure'],
        jail: 'sshd',
        country: 'DE',
        search: '192.0.2.0/24',
        origin: 'user',
        cursor: null,
        limit: 50,
      }),
    )
    await user.click(screen.getByRole('button', { name: 'Clear filters' }))
    expect(history.get()).toBe('/activity?range=all')
  })

  it('of new addresses lists the first ban of each', async () => {
    const { calls } = show({ path: '/activity?range=all&type=ban&first=1' })
    await list()
    expect(asked(calls)).toEqual([{ kinds: ['ban'], first: true, cursor: null, limit: 50 }])
    expect(
      JSON.parse(
        new URL(screen.getByRole('link', { name: 'CSV' }).getAttribute('href') ?? '').searchParams.get(
          'input',
        ) ?? '',
      ),
    ).toEqual({ source: 'archive', first: true })
  })

  it('says since when failures are kept where the range begins earlier', async () => {
    show({ path: '/activity?range=all&type=failure', procedures: serving(() => rows.slice(0, 1)) })
    await list()
    expect(
      await screen.findByText(/^Failures, unbans and other events are kept for a day, here since /),
    ).toBeVisible()
  })

  it('loads what is new while nobody reads', async () => {
    let served = rows.slice(2, 3)
    const { live } = show({ procedures: serving(() => served) })
    await list()
    served = rows.slice(1, 3)
    live.send({ type: 'events', host: 'local', events: [], counts: { 'jail.changed': 1 } })
    expect(await screen.findByText('Jail stopped')).toBeVisible()
    expect(screen.queryByRole('button', { name: '1 new' })).not.toBeInTheDocument()
  })

  it('keeps its rows while somebody reads, and counts what is new', async () => {
    let served = rows.slice(2, 3)
    const { live, user } = show({ procedures: serving(() => served) })
    await user.hover(await list())
    served = rows.slice(1, 3)
    live.send({
      type: 'events',
      host: 'local',
      events: [],
      counts: { 'jail.changed': 1, 'failure.found': 2, echoes: 2 },
    })
    const button = await screen.findByRole('button', { name: '1 new' })
    expect(screen.queryByText('Jail stopped')).not.toBeInTheDocument()
    await user.click(button)
    expect(await screen.findByText('Jail stopped')).toBeVisible()
  })

  it('goes on by key: the last row loads older ones', async () => {
    const { user } = show({
      procedures: {
        ...statsProcedures,
        'history.activity': (input) =>
          (input as { cursor: string | null }).cursor === 'next'
            ? { rows: [banEntryOf({ id: 3, address: '192.0.2.3' })], nextCursor: null }
            : { rows: [banEntryOf(), banEntryOf({ id: 2, address: '192.0.2.2' })], nextCursor: 'next' },
      },
    })
    await list()
    screen.getByRole('link', { name: '192.0.2.1' }).focus()
    await user.keyboard('j')
    expect(screen.getByRole('link', { name: '192.0.2.2' })).toHaveFocus()
    await screen.findByRole('link', { name: '192.0.2.3' })
    await user.keyboard('{ArrowDown}')
    expect(screen.getByRole('link', { name: '192.0.2.3' })).toHaveFocus()
    await user.keyboard('k')
    expect(screen.getByRole('link', { name: '192.0.2.2' })).toHaveFocus()
  })

  it('says what would be here, and reports what cannot be loaded', async () => {
    let broken = true
    const { user } = show({
      path: '/activity?jail=sshd',
      procedures: {
        ...statsProcedures,
        'history.activity': () => {
          if (broken) throw new Refusal('archive_unavailable', 'The archive is away.')
          return { rows: [], nextCursor: null }
        },
      },
    })
    expect(await screen.findByRole('alert')).toHaveTextContent('The archive is away.')
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Nothing found')).toBeVisible()
  })
})
