import type { HistoryRow } from '@bangui/shared'
import { screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { jailOf, T0 } from '../../../test/fixtures.ts'
import { historyRowOf, statsProcedures } from '../../../test/stats-fixtures.ts'
import { renderPage } from '../../../test/render-page.tsx'
import { formatExact } from '../../lib/format.ts'
import { ActivityPage } from './activity-page.tsx'

const hour = 3_600_000
const on = `on ${formatExact(T0)}`
const base = { at: T0, jail: 'sshd', country: 'DE', attempts: 5, times: 1 } as const
const inForce = { active: true, endReason: null, endedBy: null } as const

const cases: readonly { title: string; row: Partial<HistoryRow>; state: string; facts: string }[] = [
  {
    title: 'active, with its end, failures and how often',
    row: { ...inForce, duration: 3_600, until: T0 + hour, times: 4 },
    state: 'active',
    facts: `Banned by fail2ban for 1 h ${on} · ends ${formatExact(T0 + hour)} · 5 failures · ban number 4 of this address in this jail`,
  },
  {
    title: 'permanent, by a person with a reason',
    row: {
      ...inForce,
      duration: -1,
      until: null,
      attempts: null,
      by: { kind: 'user', name: 'ada' },
      reason: 'scanner',
    },
    state: 'permanent',
    facts: `Banned by ada permanently ${on} · scanner`,
  },
  {
    title: 'by a blocklist, its length not known yet',
    row: {
      ...inForce,
      duration: 0,
      until: null,
      attempts: null,
      by: { kind: 'blocklist', name: 'drop', list: 1 },
    },
    state: 'active',
    facts: `Banned by blocklist drop ${on}`,
  },
  {
    title: 'over, since somebody ended it',
    row: { active: false, duration: 600, until: T0 + 60_000, endReason: 'unbanned', endedBy: 'ada' },
    state: 'unbanned by ada',
    facts: `Banned by fail2ban for 10 min ${on} · ended ${formatExact(T0 + 60_000)} · 5 failures`,
  },
]

it.each(cases)('the history row shows all details of a ban: $title', async ({ row, state, facts }) => {
  renderPage(ActivityPage, {
    jails: [jailOf('sshd')],
    path: '/activity?source=live',
    procedures: {
      ...statsProcedures,
      'history.list': () => ({ rows: [historyRowOf({ ...base, ...row })], nextCursor: null }),
      'history.lines': () => ({ id: 1, lines: ['Failed password for root', 'and again'] }),
    },
  })
  const list = await screen.findByRole('list', { name: 'Bans, newest first' })
  const item = within(list).getByRole('listitem')
  for (const text of ['192.0.2.1', 'sshd', 'Germany', state]) expect(item).toHaveTextContent(text)
  await userEvent.click(screen.getByRole('button', { name: /^Show details/ }))
  expect(screen.getByText(facts)).toBeVisible()
  const lines = await screen.findByRole('region', { name: 'Log lines' })
  expect(lines.textContent).toBe('Failed password for root\nand again')
})
