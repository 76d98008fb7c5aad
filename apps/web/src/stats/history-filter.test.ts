// @vitest-environment node
import { expect, it } from 'vitest'
import { historyFilter } from './history-filter.ts'
import { inputOf } from '../bans/ban-view.ts'

it('lists are queried with the code of a country that was named', () => {
  const view = { jail: '', country: '', search: ' sshd  Germany' }
  expect(historyFilter(view, { range: 'all', source: 'archive' }, 0).search).toBe('sshd DE')
  expect(inputOf({ ...view, sort: { key: 'since', descending: true } }).search).toBe('sshd DE')
})
