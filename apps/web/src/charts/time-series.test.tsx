import { fireEvent, render, screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { TimeSeries } from './time-series.tsx'

const hour = 3_600_000
const start = Date.UTC(2026, 2, 3)

function show(recordedSince?: number) {
  const onSelect = vi.fn()
  render(() => (
    <TimeSeries
      label="Bans over time"
      unit="bans"
      start={start}
      bucketSeconds={3600}
      series={[
        { name: 'sshd', points: [1, 0, 3, 4] },
        { name: 'nginx', points: [0, 0, 2, 0] },
        { name: 'quiet', points: [0, 0, 0, 0] },
      ]}
      onSelect={onSelect}
      recordedSince={recordedSince}
    />
  ))
  return { onSelect, user: userEvent.setup(), plot: screen.getByRole('slider') }
}

/** The spaces around a dash depend on the language. */
const plain = (text: string | null) => text?.replaceAll(/\s/g, ' ')

describe('TimeSeries', () => {
  it('names its content, with the sum of each series', () => {
    show()
    expect(screen.getByRole('figure', { name: 'Bans over time' })).toBeVisible()
    const keys = within(screen.getByRole('list', { name: 'Legend' })).getAllByRole('listitem')
    expect(keys.map((key) => key.textContent)).toEqual(['sshd 8', 'nginx 2'])
  })

  it('can be read point by point with the keyboard', async () => {
    const { user, plot } = show()
    plot.focus()
    await user.keyboard('{Home}{ArrowRight}{ArrowRight}')
    const words = plain(plot.getAttribute('aria-valuetext'))
    expect(words).toBe('Tue, Mar 3, 2:00 – 3:00 AM: 5 bans, sshd 3, nginx 2')
  })

  it('shows the sum at the pointer', () => {
    const { plot } = show()
    fireEvent.pointerMove(plot, { clientX: 400 })
    const lines = [...plot.querySelectorAll('p')].map((line) => plain(line.textContent))
    expect(lines).toEqual(['Tue, Mar 3, 2:00 – 3:00 AM', 'sshd3', 'nginx2', 'Total5'])
    fireEvent.pointerMove(plot, { clientX: 50 })
    expect([...plot.querySelectorAll('p')].map((line) => line.textContent)).toHaveLength(2)
  })

  it('returns the range that was selected by keyboard', async () => {
    const { user, plot, onSelect } = show()
    plot.focus()
    await user.keyboard('{Home}{Shift>}{ArrowRight}{ArrowRight}{/Shift}{Enter}')
    expect(onSelect).toHaveBeenCalledExactlyOnceWith({ from: start, to: start + 3 * hour })
  })

  it('returns the range that was dragged, and nothing for a click', () => {
    const { plot, onSelect } = show()
    // 640 wide: 588 of it between the margins, 147 a point
    fireEvent.pointerDown(plot, { clientX: 50, button: 0 })
    fireEvent.pointerUp(plot, { clientX: 51 })
    expect(onSelect).not.toHaveBeenCalled()
    fireEvent.pointerDown(plot, { clientX: 400, button: 0 })
    fireEvent.pointerMove(plot, { clientX: 200 })
    fireEvent.pointerUp(plot, { clientX: 200 })
    expect(onSelect).toHaveBeenCalledExactlyOnceWith({ from: start + hour, to: start + 3 * hour })
  })

  it('shows the same data as a table, the newest first', async () => {
    const { user } = show()
    await user.click(screen.getByRole('button', { name: 'Table' }))
    const rows = within(screen.getByRole('table')).getAllByRole('row')
    expect(rows.map((row) => plain(row.textContent))).toEqual([
      'TimesshdnginxAll',
      'Tue, Mar 3, 3:00 – 4:00 AM404',
      'Tue, Mar 3, 2:00 – 3:00 AM325',
      'Tue, Mar 3, 1:00 – 2:00 AM000',
      'Tue, Mar 3, 12:00 – 1:00 AM101',
    ])
  })

  describe('with a time that was not recorded', () => {
    const since = start + 2.5 * hour

    it('hatches the unrecorded buckets and explains that in the legend', () => {
      const { plot } = show(since)
      const hatch = plot.querySelector<HTMLElement>('[data-unrecorded]')
      // two of four points
      expect(hatch?.style.width).toBe('294px')
      const keys = within(screen.getByRole('list', { name: 'Legend' })).getAllByRole('listitem')
      expect(keys.at(-1)).toHaveTextContent(/^not recorded$/)
    })

    it('says so at each unrecorded point, and still shows known values', async () => {
      const { user, plot } = show(since)
      plot.focus()
      await user.keyboard('{Home}{ArrowRight}')
      expect(plain(plot.getAttribute('aria-valuetext'))).toBe('Tue, Mar 3, 1:00 – 2:00 AM: not recorded')
      expect([...plot.querySelectorAll('p')].map((line) => plain(line.textContent))).toEqual([
        'Tue, Mar 3, 1:00 – 2:00 AM',
        'Not recorded',
      ])
      await user.keyboard('{Home}')
      expect(plain(plot.getAttribute('aria-valuetext'))).toBe(
        'Tue, Mar 3, 12:00 – 1:00 AM: not fully recorded, 1 ban, sshd 1',
      )
    })

    it('marks unrecorded rows in the table instead of showing zero', async () => {
      const { user } = show(since)
      await user.click(screen.getByRole('button', { name: 'Table' }))
      const rows = within(screen.getByRole('table')).getAllByRole('row')
      expect(rows.slice(2).map((row) => plain(row.textContent))).toEqual([
        'Tue, Mar 3, 2:00 – 3:00 AM325',
        'Tue, Mar 3, 1:00 – 2:00 AMnot recorded',
        'Tue, Mar 3, 12:00 – 1:00 AM101',
      ])
    })

    it('shows no hatching if all of the range was recorded', () => {
      const { plot } = show(start)
      expect(plot.querySelector('[data-unrecorded]')).toBeNull()
      expect(screen.queryByText('not recorded')).not.toBeInTheDocument()
    })
  })

  it('shows hidden characters in a name as escapes everywhere', async () => {
    const name = 'ssh\u202Ed'
    render(() => (
      <TimeSeries
        label="Odd names"
        unit="bans"
        start={start}
        bucketSeconds={3600}
        series={[{ name, points: [1] }]}
      />
    ))
    const plot = screen.getByRole('slider')
    expect(plot.getAttribute('aria-valuetext')).toContain('ssh\\u{202e}d 1')
    await userEvent.setup().click(screen.getByRole('button', { name: 'Table' }))
    expect(document.body.innerHTML).not.toContain('\u202E')
  })
})
