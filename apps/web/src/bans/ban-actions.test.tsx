import type { UndoResult } from '@bangui/shared'
import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { QueryProvider } from '../api/query-provider.tsx'
import { type Procedures, Refusal } from '../../test/fake-api.ts'
import { banOf } from '../../test/fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { Button } from '../ui/button.tsx'
import { dismissAllToasts, ToastRegion } from '../ui/toast.tsx'
import { useBanActions } from './ban-actions.ts'
import type { ChosenBan } from './selection.ts'

type Input = { jail: string; addresses: string[]; operationId?: string }

const inAnHour = () => Date.now() + 3_600_000

const two = () => [
  banOf('203.0.113.1', { until: inAnHour(), duration: 7200 }),
  banOf('203.0.113.2', { jail: 'web', until: inAnHour(), duration: 7200 }),
]

const undone = (over: Partial<UndoResult> = {}): UndoResult => ({
  restored: 1,
  over: 0,
  already: 0,
  refused: [],
  shortened: [],
  ...over,
})

type Actions = ReturnType<typeof useBanActions>

const unban = (bans: readonly ChosenBan[], procedures: Procedures) =>
  act((actions) => actions.unban(bans), procedures)

async function act(what: (actions: Actions) => Promise<unknown>, procedures: Procedures) {
  const Page = () => {
    const actions = useBanActions()
    return <Button onClick={() => void what(actions)}>Unban</Button>
  }
  const page = renderPage(
    () => (
      <QueryProvider>
        <Page />
        <ToastRegion />
      </QueryProvider>
    ),
    {
      procedures: {
        'bans.unban': (input) => ({ unbanned: (input as Input).addresses.length, absent: 0 }),
        'operations.undo': () => undone(),
        ...procedures,
      },
    },
  )
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Unban' }))
  const inputs = (path: string) =>
    page.calls
      .filter((call) => call.startsWith(`${path} `))
      .map((call) => JSON.parse(call.slice(path.length)) as Input)
  return { user, inputs }
}

const undo = async (user: ReturnType<typeof userEvent.setup>) =>
  user.click(await screen.findByRole('button', { name: 'Undo' }))

afterEach(dismissAllToasts)

describe('unbanning', () => {
  it('reports success to two people who unban the same address', async () => {
    await unban([banOf('203.0.113.1')], { 'bans.unban': () => ({ unbanned: 0, absent: 1 }) })
    expect(await screen.findByText('203.0.113.1 unbanned')).toBeVisible()
    expect(screen.getByText('1 ban had already ended.')).toBeVisible()
  })

  it('reports if the user could not be recorded', async () => {
    const note = 'It was done, but who did it and why could not be recorded: the disk is full'
    await unban([banOf('203.0.113.1')], { 'bans.unban': () => ({ unbanned: 1, absent: 0, note }) })
    expect(await screen.findByText('203.0.113.1 unbanned')).toBeVisible()
    expect(screen.getByText(note)).toBeVisible()
  })

  it('reports a partial success, and undoes that part only', async () => {
    const { user, inputs } = await unban(two(), {
      'bans.unban': (input) => {
        if ((input as Input).jail === 'web') throw new Refusal('jail_not_running', 'web does not run.')
        return { unbanned: 1, absent: 0 }
      },
    })
    expect(await screen.findByText('1 of 2 bans ended')).toBeVisible()
    expect(screen.getByText('web does not run.')).toBeVisible()
    await undo(user)
    const [sshd] = inputs('bans.unban')
    await waitFor(() => expect(inputs('operations.undo')).toEqual([{ id: sshd?.operationId }]))
  })

  it('does not continue with the next jail once it is cancelled', async () => {
    const { inputs } = await unban([...two(), banOf('203.0.113.3')], {
      'bans.unban': () => ({ unbanned: 1, absent: 0 }),
    })
    expect(await screen.findByText('1 of 3 bans ended')).toBeVisible()
    expect(inputs('bans.unban')).toHaveLength(1)
  })

  it('reports an error, and tries again on click', async () => {
    let failing = true
    const { user, inputs } = await unban([banOf('203.0.113.1')], {
      'bans.unban': () => {
        if (failing) throw new Refusal('daemon_offline', 'fail2ban is not running.')
        return { unbanned: 1, absent: 0 }
      },
    })
    expect(await screen.findByText('fail2ban is not running.')).toBeVisible()
    failing = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('203.0.113.1 unbanned')).toBeVisible()
    expect(inputs('bans.unban')).toHaveLength(2)
  })

  it('can be undone for ten thousand bans', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      banOf(`10.0.${index >> 8}.${index & 255}`, { until: inAnHour(), duration: 7200 }),
    )
    const { user, inputs } = await unban(many, { 'operations.undo': () => undone({ restored: 10_000 }) })
    await undo(user)
    await waitFor(() => expect(inputs('operations.undo')).toHaveLength(1))
    expect(await screen.findByText('10,000 bans banned again')).toBeVisible()
  })
})

describe('undoing an unban', () => {
  it('can be tried again if it fails', async () => {
    let failing = true
    const { user } = await unban([banOf('203.0.113.1', { until: null, duration: -1 })], {
      'operations.undo': () => {
        if (failing) throw new Refusal('daemon_offline', 'fail2ban is not running.')
        return undone()
      },
    })
    await undo(user)
    expect(await screen.findByText('fail2ban is not running.')).toBeVisible()
    failing = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('203.0.113.1 banned again')).toBeVisible()
  })

  it('reports a shorter end if the jail no longer bans for as long as before', async () => {
    const shortened = [{ address: '203.0.113.1', jail: 'sshd', until: inAnHour() }]
    const { user } = await unban([banOf('203.0.113.1')], { 'operations.undo': () => undone({ shortened }) })
    await undo(user)
    expect(
      await screen.findByText(/^Until .+, because the jail sshd now has a shorter ban time\.$/),
    ).toBeVisible()
  })

  it('reports the other jail if the own one no longer bans for as long as before', async () => {
    const moved = [{ address: '203.0.113.1', from: 'sshd', jail: 'bangui', until: inAnHour() }]
    const { user } = await unban([banOf('203.0.113.1')], { 'operations.undo': () => undone({ moved }) })
    await undo(user)
    expect(
      await screen.findByText(/^Until .+, in the jail bangui, because sshd now has a shorter ban time\.$/),
    ).toBeVisible()
  })

  it('reports that the bans have expired', async () => {
    const { user } = await unban([banOf('203.0.113.1')], {
      'operations.undo': () => undone({ restored: 0, over: 1 }),
    })
    await undo(user)
    expect(await screen.findByText('These bans have expired.')).toBeVisible()
  })

  it('reports that it was undone before', async () => {
    const { user } = await unban([banOf('203.0.113.1')], {
      'operations.undo': () => {
        throw new Refusal('undo_none', 'There is nothing to undo.')
      },
    })
    await undo(user)
    expect(await screen.findByText('The unban has already been undone.')).toBeVisible()
  })
})

describe('unbanning everywhere', () => {
  const everywhere = (address: string, active: readonly ChosenBan[]) =>
    act((actions) => actions.unbanEverywhere(address), { 'history.address': () => ({ active }) })

  it('ends the ban of each jail that has one, of an address or another name', async () => {
    const bans = ['sshd', 'web'].map((jail) => banOf('evil"; rm -rf', { jail }))
    const { inputs } = await everywhere('evil"; rm -rf', bans)
    await waitFor(() => expect(inputs('bans.unban')).toHaveLength(2))
    expect(inputs('bans.unban')).toMatchObject([
      { jail: 'sshd', addresses: ['evil"; rm -rf'] },
      { jail: 'web', addresses: ['evil"; rm -rf'] },
    ])
  })

  it('reports that there is no ban', async () => {
    await everywhere('203.0.113.1', [])
    expect(await screen.findByText('203.0.113.1 is not banned')).toBeVisible()
  })
})
