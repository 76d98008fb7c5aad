import { fireEvent, render, screen } from '@solidjs/testing-library'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { IconButton } from './icon-button.tsx'
import { Tooltip, TooltipLayer } from './tooltip.tsx'

beforeEach(() => {
  vi.useFakeTimers()
  render(() => (
    <>
      <Tooltip text="How long an address stays banned.">bantime</Tooltip>
      <IconButton label="Copy" icon="⧉" />
      <span data-whole="">
        <a href="/addresses/2001:db8::1">2001:db8::1</a>
      </span>
      <TooltipLayer />
    </>
  ))
})
afterEach(() => vi.useRealTimers())

test('focus shows a tooltip, Escape hides it, and it describes its element', () => {
  const word = screen.getByText('bantime')
  fireEvent.focusIn(word)
  expect(screen.getByRole('tooltip')).toHaveTextContent('How long an address stays banned.')
  expect(word).toHaveAccessibleDescription('How long an address stays banned.')
  fireEvent.keyDown(document, { key: 'Escape' })
  expect(screen.queryByRole('tooltip')).toBeNull()
  expect(word).not.toHaveAttribute('aria-describedby')
})

test('the pointer shows a tooltip after a moment, and it stays while the pointer is on the bubble', () => {
  fireEvent.pointerOver(screen.getByText('bantime'))
  expect(screen.queryByRole('tooltip')).toBeNull()
  vi.advanceTimersByTime(400)
  const bubble = screen.getByRole('tooltip')
  fireEvent.pointerOver(document.body)
  fireEvent.pointerOver(bubble)
  vi.advanceTimersByTime(1000)
  expect(screen.getByRole('tooltip')).toBeInTheDocument()
  fireEvent.pointerOver(document.body)
  vi.advanceTimersByTime(200)
  expect(screen.queryByRole('tooltip')).toBeNull()
})

test('an icon button is not described by its own name a second time', () => {
  const button = screen.getByRole('button', { name: 'Copy' })
  fireEvent.pointerOver(button)
  vi.advanceTimersByTime(400)
  expect(screen.getByRole('tooltip')).toHaveTextContent('Copy')
  expect(button).not.toHaveAttribute('aria-describedby')
})

test.each(['scroll', 'resize'])('a tooltip hides when its element moves (%s)', (event) => {
  fireEvent.focusIn(screen.getByText('bantime'))
  expect(screen.getByRole('tooltip')).toBeInTheDocument()
  fireEvent(window, new Event(event))
  expect(screen.queryByRole('tooltip')).toBeNull()
})

const cut = (element: HTMLElement, width: number) =>
  Object.defineProperties(element, { clientWidth: { value: 80 }, scrollWidth: { value: width } })

test('a text that is cut is shown whole in a tooltip, where it can be selected', () => {
  const link = screen.getByRole('link', { name: '2001:db8::1' })
  cut(link.parentElement as HTMLElement, 120)
  fireEvent.pointerOver(link)
  vi.advanceTimersByTime(400)
  const bubble = screen.getByRole('tooltip')
  expect(bubble).toHaveTextContent('2001:db8::1')
  expect(link.parentElement).not.toHaveAttribute('aria-describedby')
  fireEvent.pointerOver(bubble)
  fireEvent.pointerDown(bubble)
  expect(screen.getByRole('tooltip')).toBeInTheDocument()
  fireEvent.pointerDown(document.body)
  expect(screen.queryByRole('tooltip')).toBeNull()
})

test('a text that is not cut has no tooltip', () => {
  const link = screen.getByRole('link', { name: '2001:db8::1' })
  cut(link.parentElement as HTMLElement, 80)
  fireEvent.pointerOver(link)
  vi.advanceTimersByTime(400)
  expect(screen.queryByRole('tooltip')).toBeNull()
})
