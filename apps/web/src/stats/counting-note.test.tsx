import type { Operation } from '@bangui/shared'
import { screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { T0 } from '../../test/fixtures.ts'
import { statsProcedures, trendOf } from '../../test/stats-fixtures.ts'
import { renderPage } from '../../test/render-page.tsx'
import { StatisticsPage } from '../features/statistics/statistics-page.tsx'

const counting = (id: string, over: Partial<Operation> = {}): Operation => ({
  id,
  kind: 'statistics',
  title: 'Counting bans',
  done: 0,
  total: null,
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

/** The statistics of a range without a name, whose numbers and networks are slow to count. */
function show(path = `/statistics?from=${T0 - 1_000_000}&to=${T0}`) {
  const ids = new Map<string, string>()
  const gate = Promise.withResolvers<void>()
  const slow = (verb: string, answer: () => unknown) => async (input: unknown) => {
    ids.set(verb, (input as { operationId?: string }).operationId ?? 'none')
    await gate.promise
    return answer()
  }
  const page = renderPage(StatisticsPage, {
    path,
    procedures: {
      ...statsProcedures,
      'stats.trend': slow('trend', () => trendOf()),
      'stats.topNetworks': slow('networks', () => []),
    },
  })
  return { ...page, ids, answer: gate.resolve, user: userEvent.setup() }
}

/** Returns how many requests had to be counted. */
const countings = (calls: readonly string[]) =>
  calls.filter((call) => call.startsWith('stats.') && !call.startsWith('stats.recorded')).length

describe('counting', () => {
  it('has its own id for each query of a range without a name, and none for others', async () => {
    const { calls } = show()
    // the list of blocklists to choose from is that of all time
    await waitFor(() => expect(countings(calls)).toBe(9))
    const sent = calls.flatMap((call) => /"operationId":"(\w+)"/.exec(call)?.[1] ?? [])
    expect(new Set(sent).size).toBe(8)
    const named = show('/statistics?range=7d')
    await waitFor(() => expect(countings(named.calls)).toBe(9))
    expect(named.calls.join()).not.toContain('operationId')
  })

  it('shows the progress of its slowest query, and disappears when it is over', async () => {
    const { live, ids, answer } = show()
    await waitFor(() => expect(ids.size).toBe(2))
    const [trend = '', networks = ''] = ids.values()
    live.send({ type: 'operation', ...counting(trend, { done: 60, total: 100 }) })
    live.send({ type: 'operation', ...counting(networks, { done: 250, total: 1000 }) })
    live.send({ type: 'operation', ...counting('of-somebody-else', { done: 1, total: 1000 }) })
    const bar = await screen.findByRole('progressbar', { name: 'Counting bans' })
    expect(bar).toHaveAttribute('value', '0.25')
    answer()
    live.send({ type: 'operation', ...counting(trend, { state: 'done' }) })
    live.send({ type: 'operation', ...counting(networks, { state: 'done' }) })
    await waitFor(() => expect(screen.queryByRole('progressbar')).not.toBeInTheDocument())
  })

  it('can be cancelled by the reader, and repeated', async () => {
    const { live, ids, user, calls } = show()
    await waitFor(() => expect(ids.size).toBe(2))
    for (const id of ids.values()) live.send({ type: 'operation', ...counting(id) })
    await user.click(await screen.findByRole('button', { name: 'Cancel the counting' }))
    expect((await screen.findAllByText('The counting was cancelled.')).length).toBe(3)
    const before = calls.length
    const [again] = screen.getAllByRole('button', { name: 'Count again' })
    if (again) await user.click(again)
    // what is counted together is asked for together
    await waitFor(() => expect(calls.length).toBe(before + 3))
  })

  it('of somebody else is not shown', async () => {
    const { live, ids } = show('/statistics?range=7d')
    await waitFor(() => expect(ids.size).toBe(2))
    live.send({ type: 'operation', ...counting('of-somebody-else') })
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument()
  })
})
