import { render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { Select, type SelectOption } from './select.tsx'

test('an option that remains is not recreated when the list changes, so that an open list stays open', () => {
  const [options, setOptions] = createSignal<SelectOption[]>([
    { value: '', label: 'All jails' },
    { value: 'sshd', label: 'sshd' },
  ])
  render(() => <Select label="Jail" value="sshd" options={options()} onChange={() => undefined} />)
  const before = screen.getByRole('option', { name: 'sshd' })
  setOptions([
    { value: '', label: 'All jails' },
    { value: 'nginx', label: 'nginx' },
    { value: 'sshd', label: 'sshd' },
  ])
  expect(screen.getByRole('option', { name: 'sshd' })).toBe(before)
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual([
    'All jails',
    'nginx',
    'sshd',
  ])
  expect(screen.getByRole('combobox', { name: 'Jail' })).toHaveValue('sshd')
})
