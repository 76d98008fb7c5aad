import { insertIgnore, type NewIgnore } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import { createBanApi } from '../../../test/ban-api.ts'

const reasonsOf = ({ refused }: { readonly refused: readonly { address: string; reason: string }[] }) =>
  Object.fromEntries(refused.map(({ address, reason }) => [address, reason]))

describe('what is refused unless somebody insists', () => {
  it('are the addresses through which BanGUI is reached, as they are set', async () => {
    await using at = await createBanApi()
    const config = { ...at.deps.config, publicUrl: 'https://45.9.9.9/', trustProxy: ['45.8.0.0/24'] }
    const api = at.as('operator', { config })
    const addresses = ['45.9.9.9', '45.8.0.7', '45.9.0.0/16', '45.7.7.7']
    const result = await api.ban({ jail: 'sshd', addresses })
    expect(reasonsOf(result)).toEqual({
      '45.9.9.9': 'this_host',
      '45.8.0.7': 'this_host',
      '45.9.0.0/16': 'this_host',
    })
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.7.7.7'])
  })

  it('are the addresses of the machine that fail2ban runs on', async () => {
    await using at = await createBanApi()
    const result = await at.api.ban({ jail: 'sshd', addresses: ['45.99.0.1', '45.99.0.0/24', '45.7.7.7'] })
    expect(reasonsOf(result)).toEqual({ '45.99.0.1': 'this_host', '45.99.0.0/24': 'this_host' })
  })

  it('is what the jail ignores that was named, and what the one ignores that the ban goes to', async () => {
    await using at = await createBanApi()
    at.tuning['bangui'] = { bantime: -1 }
    at.ignored['bangui'] = ['45.8.8.0/24']
    const addresses = ['45.8.8.1', '198.51.100.9', '45.7.7.7']
    const input = { jail: 'sshd', addresses, duration: '1h' }
    const expected = { '45.8.8.1': 'ignored', '198.51.100.9': 'ignored' }
    expect(reasonsOf(await at.api.preview(input))).toEqual(expected)
    expect(reasonsOf(await at.api.ban(input))).toEqual(expected)
    expect([...(at.banned['bangui'] ?? [])]).toEqual(['45.7.7.7'])
  })

  it('is what the allow list has for the jail, with the note of the entry', async () => {
    await using at = await createBanApi()
    const now = at.deps.clock()
    const entry = { jail: null, everyHost: false, note: null, by: 'anna', addedAt: now, expiresAt: null }
    const add = (over: Partial<NewIgnore> & { address: string }) =>
      insertIgnore(at.deps.hostDb, { ...entry, ...over })
    await add({ address: '45.8.8.0/24', note: 'office' })
    await add({ address: '45.8.9.9' })
    await add({ address: '45.8.10.1', jail: 'nginx' })
    await add({ address: '45.8.10.2', expiresAt: now - 1 })
    const addresses = ['45.8.8.7', '45.8.9.0/30', '45.8.9.0/24', '45.8.10.1', '45.8.10.2']
    const { refused } = await at.api.ban({ jail: 'sshd', addresses })
    expect(refused).toEqual([
      {
        address: '45.8.8.7',
        reason: 'ignored',
        message: 'The allow list has 45.8.8.0/24, added by anna: “office”.',
      },
      { address: '45.8.9.0/24', reason: 'ignored', message: 'The allow list has 45.8.9.9, added by anna.' },
    ])
    expect([...(at.banned['sshd'] ?? [])]).toEqual(['45.8.9.0/30', '45.8.10.1', '45.8.10.2'])
    expect(await at.api.ban({ jail: 'sshd', addresses: ['45.8.8.7'], force: true })).toMatchObject({
      banned: 1,
    })
  })

  it('is in the preview what it is in the ban, for each reason', async () => {
    await using at = await createBanApi()
    const addresses = ['203.0.113.50', '127.0.0.1', '10.0.0.1', '198.51.100.9', '44.0.0.0/7', 'x', '45.1.1.1']
    const input = { jail: 'sshd', addresses }
    const preview = await at.api.preview(input)
    const { refused } = await at.api.ban(input)
    expect(preview.refused).toEqual(refused)
    expect(reasonsOf(preview)).toEqual({
      '203.0.113.50': 'own_session',
      '127.0.0.1': 'loopback',
      '10.0.0.1': 'private',
      '198.51.100.9': 'ignored',
      '44.0.0.0/7': 'too_wide',
      x: 'invalid',
    })
    for (const { message } of refused) expect(message).toMatch(/^[A-Z].*\.$/)
  })

  it('may be missing where a file of addresses cannot be read, which the preview says', async () => {
    await using at = await createBanApi()
    const problem = 'BanGUI cannot read /etc/friends: EACCES.'
    at.host.jails.getIgnoreList = async () => ({
      entries: ['198.51.100.9'],
      files: [
        { path: '/etc/own', addresses: ['198.51.100.10'], others: 0, problem: null },
        { path: '/etc/friends', addresses: [], others: 0, problem },
      ],
    })
    const addresses = ['198.51.100.9', '198.51.100.10', '198.51.100.11']
    const preview = await at.api.preview({ jail: 'sshd', addresses })
    expect(reasonsOf(preview)).toEqual({ '198.51.100.9': 'ignored', '198.51.100.10': 'ignored' })
    expect(preview).toMatchObject({ wouldBan: 1, warnings: [problem] })
    // who insists knows that nothing is held back
    expect(await at.api.preview({ jail: 'sshd', addresses, force: true })).toMatchObject({ warnings: [] })
  })
})
