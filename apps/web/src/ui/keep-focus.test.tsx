import { render, screen, waitFor } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { createSignal, For, Show } from 'solid-js'
import { describe, expect, it } from 'vitest'
import { keepFocus } from './keep-focus.ts'

function Rows() {
  const [rows, setRows] = createSignal(['one', 'two'])
  let root: HTMLElement | undefined
  keepFocus(() => root)
  return (
    <main ref={(element) => (root = element)}>
      <Show when={rows().length > 0}>
        <ul aria-label="Rows">
          <For each={rows()}>
            {(row) => (
              <li aria-label={row}>
                <button type="button" onClick={() => setRows(rows().filter((each) => each !== row))}>
                  Take {row} away
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </main>
  )
}

describe('the focus', () => {
  it('moves to what remains around a row that disappears, and from there by Tab', async () => {
    const user = userEvent.setup()
    render(() => <Rows />)
    await user.click(screen.getByRole('button', { name: 'Take one away' }))
    await waitFor(() => expect(screen.getByRole('list', { name: 'Rows' })).toHaveFocus())
    await user.tab()
    expect(screen.getByRole('button', { name: 'Take two away' })).toHaveFocus()
    expect(screen.getByRole('list', { name: 'Rows' })).not.toHaveAttribute('tabindex')
    await user.keyboard('{Enter}')
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus())
  })
})
