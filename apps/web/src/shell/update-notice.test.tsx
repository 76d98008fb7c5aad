import { render, screen } from '@solidjs/testing-library'
import { afterEach, expect, test } from 'vitest'
import { isReaderBusy, reloadOnceFor } from './reload.ts'
import { UpdateNotice } from './update-notice.tsx'

afterEach(() => {
  sessionStorage.clear()
  document.body.replaceChildren()
})

test('the version that this page is from asks for nothing', () => {
  render(() => <UpdateNotice version={__BANGUI_VERSION__} />)
  expect(screen.queryByRole('status')).toBeNull()
})

test('a reload for the same cause happens only once', () => {
  const reloads: string[] = []
  const reload = () => reloads.push('reload')
  expect(reloadOnceFor('9.9.9', reload)).toBe(true)
  expect(reloadOnceFor('9.9.9', reload)).toBe(false)
  expect(reloadOnceFor('9.9.10', reload)).toBe(true)
  expect(reloads).toHaveLength(2)
})

test('another version offers a reload while something is being typed', () => {
  const field = document.createElement('input')
  document.body.append(field)
  field.focus()
  render(() => <UpdateNotice version="9.9.9" />)
  expect(screen.getByRole('status')).toHaveTextContent('BanGUI is now version 9.9.9.')
  expect(screen.getByRole('button', { name: 'Reload' })).toBeInTheDocument()
  expect(sessionStorage).toHaveLength(0)
})

test('an open dialog counts as busy', () => {
  expect(isReaderBusy()).toBe(false)
  const dialog = document.createElement('div')
  dialog.setAttribute('role', 'dialog')
  document.body.append(dialog)
  expect(isReaderBusy()).toBe(true)
})
