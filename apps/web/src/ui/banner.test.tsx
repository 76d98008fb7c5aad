import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal, Show } from 'solid-js'
import { expect, test } from 'vitest'
import { Banner } from './banner.tsx'

function Example() {
  const [shown, setShown] = createSignal(true)
  return (
    <>
      <Show when={shown()}>
        <Banner tone="ok" title="fail2ban is back" onDismiss={() => setShown(false)} />
      </Show>
      <main>
        <h1 tabindex="-1">Bans</h1>
      </main>
    </>
  )
}

test('a dismissed banner leaves the focus to the page below it', async () => {
  const user = userEvent.setup()
  render(() => <Example />)
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  expect(screen.queryByText('fail2ban is back')).toBeNull()
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Bans' })).toHaveFocus())
})
