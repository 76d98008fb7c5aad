import type { Operation } from '@bangui/shared'
import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../../test/fake-api.ts'
import { runtimeOf, T0 } from '../../../test/fixtures.ts'
import { type PageOptions, renderPage } from '../../../test/render-page.tsx'
import { dismissAllToasts, ToastRegion } from '../../ui/toast.tsx'
import { OperationsPage } from './operations-page.tsx'
import { UnfinishedBanner } from './unfinished-banner.tsx'

const title = 'Banning 5,000 addresses in sshd'
const operationOf = (over: Partial<Operation> = {}): Operation => ({
  id: 'a',
  kind: 'ban',
  title,
  done: 1250,
  total: 5000,
  state: 'interrupted',
  startedAt: T0,
  endedAt: T0,
  message: null,
  cancellable: false,
  host: 'local',
  actor: { kind: 'user', name: 'ada' },
  undoable: true,
  resumable: true,
  undoes: null,
  ...over,
})

const list = (...rows: Operation[]) => ({ 'operations.list': () => ({ rows, nextCursor: null }) })
const resumed = { banned: 3750, already: 0, refused: [], jail: 'sshd' }
const undone = { restored: 1250, over: 0, already: 0, refused: [], shortened: [] }

function show(options: PageOptions, Shown = UnfinishedBanner) {
  const page = renderPage(
    () => (
      <>
        <Shown />
        <ToastRegion />
      </>
    ),
    options,
  )
  return { ...page, user: userEvent.setup() }
}

beforeEach(() => localStorage.clear())
afterEach(dismissAllToasts)

describe('a ban that was interrupted', () => {
  it('is continued with one click, and its notice disappears when it runs', async () => {
    const { user, calls, live } = show({
      procedures: { ...list(operationOf()), 'operations.resume': () => resumed },
    })
    expect(await screen.findByText(`${title}: interrupted after at least 1,250 of 5,000.`)).toBeVisible()
    await user.click(screen.getByRole('button', { name: `Continue: ${title}` }))
    expect(await screen.findByText('3,750 addresses banned in sshd')).toBeVisible()
    expect(calls).toContain('operations.resume {"id":"a"}')
    live.send({ type: 'operation', ...operationOf({ state: 'running', resumable: false, endedAt: null }) })
    await waitFor(() => expect(screen.queryByText(/interrupted after/)).not.toBeInTheDocument())
  })

  it('is mentioned as soon as BanGUI has started again', async () => {
    const running = operationOf({ state: 'running', endedAt: null, resumable: false, undoable: false })
    const rows: Operation[] = []
    const { live, calls } = show({
      operations: [running],
      procedures: { 'operations.list': () => ({ rows, nextCursor: null }) },
    })
    await waitFor(() => expect(calls).toHaveLength(1))
    rows.push(operationOf())
    live.send({ type: 'snapshot', host: 'local', runtime: runtimeOf(), jails: null, operations: [] })
    expect(await screen.findByText(`${title}: interrupted after at least 1,250 of 5,000.`)).toBeVisible()
  })

  it('says why it could not be continued, and can be tried again', async () => {
    const { user } = show({
      procedures: {
        ...list(operationOf()),
        'operations.resume': () => {
          throw new Refusal('jail_not_running', 'The jail sshd does not run.')
        },
      },
    })
    await user.click(await screen.findByRole('button', { name: `Continue: ${title}` }))
    expect(await screen.findByText('The jail sshd does not run.')).toBeVisible()
    expect(screen.getByRole('button', { name: `Continue: ${title}` })).toBeVisible()
  })

  it('is undone after a question', async () => {
    const { user, calls } = show({
      procedures: { ...list(operationOf()), 'operations.undo': () => undone },
    })
    await user.click(await screen.findByRole('button', { name: `Undo: ${title}` }))
    expect(await screen.findByRole('alertdialog', { name: `Undo: ${title}` })).toBeVisible()
    expect(calls).not.toContain('operations.undo {"id":"a"}')
    await user.click(screen.getByRole('button', { name: 'Undo the operation' }))
    expect(await screen.findByText('1,250 bans undone')).toBeVisible()
  })

  it('is no longer mentioned in this browser once it was dismissed', async () => {
    const first = show({ procedures: list(operationOf()) })
    await first.user.click(await screen.findByRole('button', { name: `Dismiss: ${title}` }))
    expect(screen.queryByText(/interrupted after/)).not.toBeInTheDocument()
    first.unmount()
    const { calls } = show({ procedures: list(operationOf()) })
    await waitFor(() => expect(calls).toHaveLength(1))
    expect(screen.queryByText(/interrupted after/)).not.toBeInTheDocument()
  })

  it('is not mentioned to viewers, nor where it cannot be continued', async () => {
    const { calls, unmount } = show({ procedures: list(operationOf({ resumable: false })) })
    await waitFor(() => expect(calls).toHaveLength(1))
    expect(screen.queryByText(/interrupted after/)).not.toBeInTheDocument()
    unmount()
    show({ procedures: list(operationOf()), user: { name: 'eve', role: 'viewer' } })
    await Promise.resolve()
    expect(screen.queryByText(/interrupted after/)).not.toBeInTheDocument()
  })
})

it('a ban that was cancelled is mentioned to its user alone', async () => {
  const operations = [
    operationOf({ state: 'cancelled', actor: { kind: 'user', name: 'admin' } }),
    operationOf({ id: 'b', title: 'Banning 60 addresses in web', state: 'cancelled' }),
  ]
  show({ operations, procedures: list() })
  expect(await screen.findByText(`${title}: cancelled after 1,250 of 5,000.`)).toBeVisible()
  expect(screen.queryByText(/Banning 60 addresses/)).not.toBeInTheDocument()
})

describe('the operations page', () => {
  const rows = [
    operationOf({
      id: 'r',
      title: 'Banning 60 addresses in web',
      state: 'running',
      done: 20,
      total: 60,
      resumable: false,
      undoable: false,
    }),
    operationOf({
      id: 't',
      kind: 'unban',
      title: 'Unbanning 12 addresses after their custom durations',
      actor: { kind: 'system', name: 'timer' },
      askedBy: ['ada', 'grace'],
      state: 'done',
      resumable: false,
      undoable: false,
    }),
    operationOf({
      id: 'c',
      kind: 'config.apply',
      title: 'Changing jail sshd',
      state: 'done',
      resumable: false,
    }),
    operationOf({
      id: 'f',
      title: 'Banning 3 addresses in sshd',
      state: 'failed',
      message: 'fail2ban did not answer.',
      done: 0,
      total: 3,
      resumable: false,
      undoable: false,
    }),
    operationOf(),
  ]

  it('says who did what, and how it ended', async () => {
    show({ procedures: list(...rows) }, OperationsPage)
    expect(await screen.findByText(/^By BanGUI, for ada and grace,/)).toBeVisible()
    expect(screen.getByText('fail2ban did not answer.')).toBeVisible()
    expect(screen.getByRole('progressbar', { name: 'Banning 60 addresses in web' })).toHaveAttribute(
      'value',
      '20',
    )
    expect(screen.getByText('in progress')).toBeVisible()
    expect(screen.getByText(/^At least 1,250 of 5,000\. By ada,/)).toBeVisible()
  })

  it('continues and undoes what can be, and lists the rest of the pages', async () => {
    const { user, calls } = show(
      {
        procedures: {
          'operations.list': (input) => {
            const { cursor } = input as { cursor?: string }
            return cursor === undefined
              ? { rows: rows.slice(0, 4), nextCursor: '7' }
              : { rows: rows.slice(4), nextCursor: null }
          },
          'operations.resume': () => resumed,
        },
      },
      OperationsPage,
    )
    expect(await screen.findByRole('button', { name: 'Undo: Changing jail sshd' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Older' }))
    await user.click(await screen.findByRole('button', { name: `Continue: ${title}` }))
    expect(await screen.findByText('3,750 addresses banned in sshd')).toBeVisible()
    expect(calls).toContain('operations.list {"limit":50,"cursor":"7"}')
  })

  it('offers an operator no undo of a change of the configuration', async () => {
    show({ procedures: list(...rows), user: { name: 'olga', role: 'operator' } }, OperationsPage)
    expect(await screen.findByRole('button', { name: `Undo: ${title}` })).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Undo: Changing jail sshd' })).not.toBeInTheDocument()
  })

  it('shows operations in the state of the URL', async () => {
    const { calls } = show({ procedures: list(), path: '/operations?state=failed' }, OperationsPage)
    expect(await screen.findByText('No operations found')).toBeVisible()
    expect(calls).toContain('operations.list {"limit":50,"state":"failed"}')
  })
})
