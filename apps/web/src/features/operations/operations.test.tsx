import type { Operation } from '@bangui/shared'
import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { runtimeOf, T0, watchingOf } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { dismissAllToasts, ToastRegion } from '../../ui/toast.tsx'
import { LostBansBanner } from './lost-bans-banner.tsx'
import { OperationsStrip } from './operations-strip.tsx'
import { EventSourceNote } from '../../feed/event-source-note.tsx'

const operationOf = (over: Partial<Operation> = {}): Operation => ({
  id: 'a',
  kind: 'ban',
  title: 'Banning 5,000 addresses in sshd',
  done: 1250,
  total: 5000,
  state: 'running',
  startedAt: T0,
  endedAt: null,
  message: null,
  cancellable: true,
  host: 'local',
  actor: { kind: 'user', name: 'ada' },
  undoable: false,
  resumable: false,
  undoes: null,
  ...over,
})

const lostBans = { count: 12, at: T0, jails: [{ jail: 'sshd', count: 12 }] }

function show(options: PageOptions = {}) {
  const page = renderPage(
    () => (
      <>
        <LostBansBanner />
        <OperationsStrip />
        <EventSourceNote />
        <ToastRegion />
      </>
    ),
    options,
  )
  return { ...page, user: userEvent.setup() }
}

afterEach(dismissAllToasts)

describe('a running operation', () => {
  it('shows its progress, can be cancelled, and disappears when it is over', async () => {
    const { live, user, calls } = show({
      operations: [operationOf()],
      procedures: { 'operations.cancel': () => null },
    })
    expect(await screen.findByText('1,250 of 5,000')).toBeVisible()
    live.send({ type: 'operation', ...operationOf({ done: 2000 }) })
    await waitFor(() => expect(screen.getByRole('progressbar')).toHaveAttribute('value', '2000'))
    await user.click(await screen.findByRole('button', { name: `Cancel: ${operationOf().title}` }))
    expect(calls).toContain('operations.cancel {"id":"a"}')
    live.send({ type: 'operation', ...operationOf({ state: 'cancelled', endedAt: T0 }) })
    await waitFor(() => expect(screen.queryByRole('progressbar')).not.toBeInTheDocument())
  })

  it('is shown without a total if the total is unknown', async () => {
    show({ operations: [operationOf({ total: null })] })
    expect(await screen.findByText('1,250')).toBeVisible()
    expect(screen.getByRole('progressbar')).not.toHaveAttribute('value')
  })

  it('is not shown if it is counting, which its own page shows', async () => {
    show({
      operations: [operationOf(), operationOf({ id: 'b', kind: 'statistics', title: 'Counting bans' })],
    })
    expect(await screen.findByText('1,250 of 5,000')).toBeVisible()
    expect(screen.getAllByRole('progressbar')).toHaveLength(1)
  })

  it('cannot be cancelled by a viewer', async () => {
    show({ operations: [operationOf()], user: { name: 'eve', role: 'viewer' } })
    expect(await screen.findByText('1,250 of 5,000')).toBeVisible()
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })
})

describe('bans that a crash lost', () => {
  it('are banned again with one click', async () => {
    const { user, calls } = show({
      runtime: runtimeOf({ lostBans }),
      procedures: { 'bans.banLost': () => ({ banned: 12, already: 0, refused: [], jail: 'sshd' }) },
    })
    expect(await screen.findByText('12 bans were lost in the crash.')).toBeVisible()
    await user.click(await screen.findByRole('button', { name: 'Ban again' }))
    expect(await screen.findByText('12 addresses banned again')).toBeVisible()
    expect(calls.some((call) => call.startsWith('bans.banLost'))).toBe(true)
  })

  it('stay on screen with the reason if the bans fail', async () => {
    const { user } = show({
      runtime: runtimeOf({ lostBans }),
      procedures: {
        'bans.dismissLost': () => {
          throw new Refusal('internal', 'The archive cannot be used.')
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: 'Dismiss' }))
    expect(await screen.findByText('The archive cannot be used.')).toBeVisible()
  })
})

describe('the note about event sources', () => {
  it('is empty if there is no problem', async () => {
    show()
    await Promise.resolve()
    expect(screen.queryByRole('status')).not.toBeInTheDocument()
  })

  it('says why the log cannot be followed', async () => {
    show({
      runtime: runtimeOf({
        watching: watchingOf({ state: 'unreadable', message: 'BanGUI may not read /var/log/fail2ban.log.' }),
      }),
    })
    expect(await screen.findByText('BanGUI may not read /var/log/fail2ban.log.')).toBeVisible()
  })

  it('says what a followed log does not contain', async () => {
    const message = 'fail2ban logs no failed attempts.'
    show({ runtime: runtimeOf({ watching: watchingOf({ message }) }) })
    expect(await screen.findByText(message)).toBeVisible()
    expect(screen.queryByText("fail2ban's log cannot be followed.")).not.toBeInTheDocument()
  })

  it.each([
    [false, 1],
    [true, 0],
  ])('says that fail2ban keeps no database, but not in the demo (%s)', async (demo, banners) => {
    const database = { state: 'off', path: null, message: 'fail2ban keeps no database.' } as const
    const importing = { done: 1, total: 2 }
    show({ runtime: runtimeOf({ demo, watching: { ...watchingOf(), importing, database } }) })
    await screen.findByText(/bans so\s+far/)
    expect(screen.queryAllByText('fail2ban keeps no database.')).toHaveLength(banners)
  })

  it('shows the progress of the import', async () => {
    show({ runtime: runtimeOf({ watching: { ...watchingOf(), importing: { done: 1200, total: 5000 } } }) })
    expect(await screen.findByText(/1,200\s*of 5,000\s*bans so far/)).toBeVisible()
  })
})
