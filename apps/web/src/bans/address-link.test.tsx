import { screen, waitFor } from '@solidjs/testing-library'
import { afterEach, describe, expect, it } from 'vitest'
import { asked, rowOf, showBans } from '../../test/bans-page.tsx'
import { dismissAllToasts } from '../ui/toast.tsx'

afterEach(dismissAllToasts)

describe('the menu of an address', () => {
  it('unbans in the jail of its row', async () => {
    const { calls, user } = await showBans()
    await rowOf('203.0.113.1')
    await user.click(screen.getByRole('button', { name: 'Actions for 203.0.113.1' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Unban in sshd' }))
    await waitFor(() =>
      expect(asked(calls, 'bans.unban')).toMatchObject([{ jail: 'sshd', addresses: ['203.0.113.1'] }]),
    )
  })

  it("adds the address to the allow list for its row's jail, ends the ban, and undoes both", async () => {
    const added = { id: 1, covered: 1, unbanned: 1, jails: ['sshd'], lasts: true, problems: [] }
    const { calls, user } = await showBans({
      procedures: {
        'ignores.add': () => added,
        'operations.undo': () => ({ restored: 1, over: 0, already: 0, refused: [], shortened: [] }),
      },
    })
    await rowOf('203.0.113.2')
    await user.click(screen.getByRole('button', { name: 'Actions for 203.0.113.2' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Never ban in sshd' }))
    expect(await screen.findByText('203.0.113.2 is never banned in sshd')).toBeVisible()
    expect(screen.getByText('1 ban has ended.')).toBeVisible()
    expect(asked(calls, 'ignores.add')).toMatchObject([{ address: '203.0.113.2', jail: 'sshd', unban: true }])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('203.0.113.2 removed from the allow list')).toBeVisible()
    expect(asked(calls, 'operations.undo')).toHaveLength(1)
  })
})
