import { render, screen } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal } from 'solid-js'
import { expect, it } from 'vitest'
import type { FieldContext } from './field-context.ts'
import { ParameterFields } from './parameter-fields.tsx'
import { readReference } from './reference-parameters.ts'

const port = {
  key: 'port',
  privilege: 'guarded',
  isVariable: true,
  type: 'text',
  grammar: { says: 'ports', pattern: '^[a-z0-9,]+$' },
}
const context = {
  part: { kind: 'default' },
  settings: [],
  options: { jail: [port] },
} as unknown as FieldContext

/** The fields of a reference; the text is what they have made of it. */
function renderFields(start: string, isFixed: boolean) {
  const [text, setText] = createSignal(start)
  render(() => (
    <ParameterFields
      reference={readReference(text())!}
      known={isFixed ? [] : [{ key: 'chain', fallback: 'INPUT' }]}
      main={['chain']}
      isFixed={isFixed}
      context={context}
      onChange={setText}
    />
  ))
  return { text, user: userEvent.setup() }
}

it('a parameter without a value can be set to empty, and back', async () => {
  const { text, user } = renderFields('noop[port=22]', false)
  expect(screen.queryByRole('checkbox')).toBeNull()
  await user.click(screen.getByRole('textbox', { name: 'Firewall chain' }))
  const empty = screen.getByRole('checkbox', { name: 'Set Firewall chain to empty' })
  await user.click(empty)
  expect(text()).toBe('noop[port=22, chain=""]')
  await user.click(screen.getByRole('checkbox', { name: 'Set Firewall chain to empty' }))
  expect(text()).toBe('noop[port=22]')
})

it('where actions may not be changed, only plain parameters have fields, each with a plain value', async () => {
  const { text, user } = renderFields('noop[port="%(port)s", name=x]', true)
  expect(screen.getAllByRole('textbox')).toHaveLength(1)
  const field = screen.getByRole('textbox')
  await user.clear(field)
  expect(screen.getByText('Enter a value.')).toBeDefined()
  expect(text()).not.toBe('noop[name=x]')
  await user.type(field, '2222')
  expect(text()).toBe('noop[port=2222, name=x]')
  await user.type(field, '$(x)')
  expect(screen.getByText('The value must be ports.')).toBeDefined()
})
