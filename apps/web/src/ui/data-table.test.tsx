import { render, screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { DataTable } from './data-table.tsx'
import { sortRows } from './sort-rows.ts'

type Row = { name: string; bans: number | null }
const rows: Row[] = [
  { name: 'sshd', bans: 42 },
  { name: 'jail-10', bans: null },
  { name: 'jail-9', bans: 7 },
]
const columns = [
  { key: 'name', header: 'Jail', cell: (row: Row) => row.name, sortBy: (row: Row) => row.name },
  { key: 'bans', header: 'Bans', cell: (row: Row) => row.bans ?? '—', sortBy: (row: Row) => row.bans },
  { key: 'note', header: 'Note', cell: () => 'x' },
]
const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

test('a table sorts by a header, reverses the order, and announces it', async () => {
  const user = userEvent.setup()
  render(() => <DataTable caption="Jails" columns={columns} rows={rows} />)
  expect(screen.getByRole('table', { name: 'Jails' })).toBeInTheDocument()
  expect(names()).toEqual(['sshd', 'jail-10', 'jail-9'])
  await user.click(screen.getByRole('button', { name: 'Jail' }))
  expect(names()).toEqual(['jail-9', 'jail-10', 'sshd'])
  expect(screen.getByRole('columnheader', { name: 'Jail' })).toHaveAttribute('aria-sort', 'ascending')
  await user.click(screen.getByRole('button', { name: 'Jail' }))
  expect(names()).toEqual(['sshd', 'jail-10', 'jail-9'])
  expect(screen.getByRole('columnheader', { name: 'Jail' })).toHaveAttribute('aria-sort', 'descending')
  expect(screen.getByRole('columnheader', { name: 'Bans' })).toHaveAttribute('aria-sort', 'none')
  expect(screen.getByRole('columnheader', { name: 'Note' })).not.toHaveAttribute('aria-sort')
})

test('rows without a value come last in both orders', () => {
  for (const descending of [true, false])
    expect(sortRows(rows, columns, { key: 'bans', descending }).at(-1)?.name).toBe('jail-10')
})

test('an unknown column, or one without sorting, does not change the order', () => {
  expect(sortRows(rows, columns, { key: 'note', descending: true })).toBe(rows)
  expect(sortRows(rows, columns, { key: 'gone', descending: true })).toBe(rows)
})

test('a table shows its empty state, and skeletons while it loads', () => {
  const { unmount } = render(() => <DataTable caption="A" columns={columns} rows={[]} empty="No jails yet" />)
  expect(within(screen.getByRole('table')).getByText('No jails yet')).toBeInTheDocument()
  unmount()
  render(() => <DataTable caption="B" columns={columns} rows={undefined} empty="No jails yet" />)
  expect(screen.getByRole('table')).toHaveAttribute('aria-busy', 'true')
  expect(screen.queryByText('No jails yet')).toBeNull()
})

test('plain text of an empty table has a margin, other content has its own', () => {
  const { unmount } = render(() => <DataTable caption="A" columns={columns} rows={[]} empty="No jails yet" />)
  expect(screen.getByRole('cell')).toHaveAttribute('data-empty', 'words')
  unmount()
  render(() => <DataTable caption="B" columns={columns} rows={[]} empty={<p>No jails yet</p>} />)
  expect(screen.getByRole('cell')).toHaveAttribute('data-empty', '')
})

test('each row of a table has its own actions', () => {
  render(() => (
    <DataTable
      caption="Jails"
      columns={columns}
      rows={rows}
      rowActions={(row) => <button type="button">Reload {row.name}</button>}
    />
  ))
  const row = screen.getByRole('row', { name: /sshd/ })
  expect(within(row).getByRole('button', { name: 'Reload sshd' })).toBeInTheDocument()
})
