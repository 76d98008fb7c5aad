import { fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dismissToast, toast, ToastRegion } from './toast.tsx'

const shown: number[] = []
const show = (...options: Parameters<typeof toast>) => shown.push(toast(...options))

beforeEach(() => {
  vi.useFakeTimers()
  render(() => <ToastRegion />)
})
afterEach(() => {
  shown.splice(0).forEach(dismissToast)
  vi.useRealTimers()
})

test('Undo runs once and dismisses the toast', () => {
  const undo = vi.fn<() => void>()
  show({ title: '198.51.100.7 was unbanned', action: { label: 'Undo', onSelect: undo } })
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  expect(undo).toHaveBeenCalledOnce()
  expect(screen.queryByText('198.51.100.7 was unbanned')).toBeNull()
})

test('a toast with Undo stays ten seconds, another five', () => {
  show({ title: 'With undo', action: { label: 'Undo', onSelect: () => {} } })
  show({ title: 'Plain' })
  vi.advanceTimersByTime(5100)
  expect(screen.queryByText('Plain')).toBeNull()
  expect(screen.getByText('With undo')).toBeInTheDocument()
  vi.advanceTimersByTime(5000)
  expect(screen.queryByText('With undo')).toBeNull()
})

test('a toast does not expire while the pointer or the focus is on it', () => {
  show({ title: 'Plain' })
  fireEvent.focusIn(screen.getByRole('button', { name: 'Dismiss' }))
  vi.advanceTimersByTime(60_000)
  expect(screen.getByText('Plain')).toBeInTheDocument()
  fireEvent.focusOut(screen.getByRole('button', { name: 'Dismiss' }))
  vi.advanceTimersByTime(5100)
  expect(screen.queryByText('Plain')).toBeNull()
})

test('at most four toasts are shown, the newest ones', () => {
  for (const name of ['one', 'two', 'three', 'four', 'five']) show({ title: name })
  expect(screen.queryByText('one')).toBeNull()
  expect(screen.getByText('five')).toBeInTheDocument()
})

test('a toast with Undo is not pushed out by one without', () => {
  show({ title: 'With undo', action: { label: 'Undo', onSelect: () => {} } })
  for (const name of ['one', 'two', 'three', 'four']) show({ title: name })
  expect(screen.queryByText('one')).toBeNull()
  expect(screen.getByText('With undo')).toBeInTheDocument()
})

test('the focus returns to where it was when the last toast is used', () => {
  const field = document.createElement('input')
  document.body.append(field)
  field.focus()
  show({ title: 'Unbanned', action: { label: 'Undo', onSelect: () => {} } })
  const undo = screen.getByRole('button', { name: 'Undo' })
  undo.focus()
  fireEvent.click(undo)
  expect(field).toHaveFocus()
  field.remove()
})

test('Alt T focuses the notifications', () => {
  show({ title: 'Plain' })
  fireEvent.keyDown(window, { altKey: true, code: 'KeyT' })
  expect(screen.getByRole('region', { name: /Notifications/ })).toHaveFocus()
})
