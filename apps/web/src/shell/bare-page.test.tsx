import { render, screen } from '@solidjs/testing-library'
import { createSignal } from 'solid-js'
import { expect, test } from 'vitest'
import { BarePage } from './bare-page.tsx'

test('another step under the same title takes the focus and is announced', () => {
  const [lead, setLead] = createSignal('Make the account.')
  render(() => (
    <BarePage title="Set up" lead={lead()}>
      <input aria-label="User name" />
    </BarePage>
  ))
  const heading = screen.getByRole('heading', { name: 'Set up' })
  expect(heading).not.toHaveFocus()
  screen.getByRole('textbox').focus()
  setLead('Now look for fail2ban.')
  expect(heading).toHaveFocus()
  expect(heading).toHaveAccessibleDescription('Now look for fail2ban.')
})
