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

  it("adds the address to the ignore list of its row's jail, ends the ban, and undoes both", async () => {
    const done = { applied: true, files: [], output: null }
    const { calls, user } = await showBans({
      procedures: {
        'jails.update': () => done,
        'operations.undo': () => ({ restored: 1, over: 0, already: 0, refused: [], shortened: [] }),
      },
    })
    await rowOf('203.0.113.2')
    await user.click(screen.getByRole('button', { name: 'Actions for 203.0.113.2' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Ignore in sshd' }))
    expect(await screen.findByText('203.0.113.2 added to sshd’s ignore list')).toBeVisible()
    expect(screen.getByText(/^Its ban there has ended\. /)).toBeVisible()
    expect(calls).toContain('jails.update {"name":"sshd","addIgnored":["203.0.113.2"]}')
    expect(asked(calls, 'bans.unban')).toMatchObject([{ jail: 'sshd', addresses: ['203.0.113.2'] }])
    await user.click(screen.getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText('203.0.113.2 removed from sshd’s ignore list')).toBeVisible()
    expect(calls).toContain('jails.update {"name":"sshd","removeIgnored":["203.0.113.2"]}')
    expect(asked(calls, 'operations.undo')).toHaveLength(1)
  })
})
