import { QueryClient, QueryClientProvider } from '@tanstack/solid-query'
import { render, screen, within } from '@solidjs/testing-library'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { codeOfShape } from './country-codes.ts'
import { clampView, mapSize, shadeOf, wholeMap, zoomView } from './map-view.ts'
import type { CountryValue } from './country-value.ts'
import { WorldMap } from './world-map.tsx'
import { loadWorld } from './world-shapes.ts'

const numbers = [
  { code: 'CN', value: 900 },
  { code: 'DE', value: 100 },
  { code: '??', value: 7 },
]

async function show(rows: readonly CountryValue[] = numbers) {
  const onSelect = vi.fn()
  render(() => (
    <QueryClientProvider client={new QueryClient()}>
      <WorldMap label="Bans by country" unit="bans" detail="coarse" rows={rows} onSelect={onSelect} />
    </QueryClientProvider>
  ))
  const map = await screen.findByRole('application', { name: 'Bans by country, map' })
  return { onSelect, map, user: userEvent.setup() }
}

describe('WorldMap', () => {
  it('moves from country to country by keyboard, the highest first, and opens one', async () => {
    const { map, user, onSelect } = await show()
    map.focus()
    await user.keyboard('{PageDown}')
    expect(screen.getAllByText('China: 900 bans')[0]).toBeVisible()
    await user.keyboard('{PageDown}{Enter}')
    expect(onSelect).toHaveBeenCalledExactlyOnceWith('DE')
  })

  it('opens a country on click', async () => {
    const { map, user, onSelect } = await show()
    const china = map.querySelector('[data-code="CN"]')
    expect(china).toHaveAttribute('data-shade', '5')
    if (china) await user.click(china)
    expect(onSelect).toHaveBeenCalledExactlyOnceWith('CN')
  })

  it('zooms by key and by button, and shows the whole world again', async () => {
    const { map, user } = await show()
    const drawn = () => map.querySelector('g')?.getAttribute('transform') ?? ''
    const scale = () => Number(/scale\((.*)\)/.exec(drawn())?.[1])
    const [whole, scaleOfWhole] = [drawn(), scale()]
    map.focus()
    await user.keyboard('+')
    expect(scale() / scaleOfWhole).toBeCloseTo(1.6)
    await user.click(screen.getByRole('button', { name: 'Zoom in' }))
    expect(scale() / scaleOfWhole).toBeCloseTo(2.56)
    await user.click(screen.getByRole('button', { name: 'Show the whole world' }))
    expect(drawn()).toBe(whole)
  })

  it('explains its shades', async () => {
    await show()
    const steps = within(screen.getByRole('list', { name: 'Shades' })).getAllByRole('listitem')
    expect(steps.map((step) => step.textContent.trim())).toEqual([
      '1–2',
      '3–14',
      '15–58',
      '59–230',
      '231–900 bans',
    ])
  })

  it('says what it cannot draw, and shows everything as a table', async () => {
    const { user } = await show()
    expect(screen.getByText('7 bans not on the map (unknown places)')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Table' }))
    const rows = within(screen.getByRole('table')).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toEqual([
      'CountryCodeBansShare',
      'ChinaCN90089%',
      'GermanyDE10010%',
      'Unknown7<1%',
    ])
  })
})

describe('a country that the map cannot draw', () => {
  it.each([
    [['CW'], '15 bans not on the map (Curaçao)'],
    [['??'], '15 bans not on the map (unknown places)'],
    [['CW', '??'], '30 bans not on the map (2 places)'],
  ])('is named below the map: %j', async (codes, words) => {
    await show(codes.map((code) => ({ code, value: 15 })))
    expect(await screen.findByText(words)).toBeVisible()
  })
})

describe('a shape of the map', () => {
  it.each(['coarse', 'fine'] as const)(
    'has a country, except for one that nobody governs (%s)',
    async (detail) => {
      const { shapes } = await loadWorld(detail)
      expect(shapes.length).toBeGreaterThan(170)
      expect(shapes.filter(({ code }) => code === undefined).length).toBeLessThanOrEqual(1)
      for (const code of ['US', 'CN', 'DE', 'BR', 'XK', 'FR', 'NO'])
        expect(shapes.some((shape) => shape.code === code)).toBe(true)
    },
  )

  it.each(['coarse', 'fine'] as const)('is drawn within the map, around its centre (%s)', async (detail) => {
    const { shapes, unit } = await loadWorld(detail)
    for (const { path, centre } of shapes) {
      expect(path).toMatch(/^(m-?\d+[ -]\d+([ -]\d+[ -]\d+)*z)+$/)
      const [x, y] = (/^m(-?\d+) ?(-?\d+)/.exec(path) ?? []).slice(1).map((step) => Number(step) * unit)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(mapSize.width)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(mapSize.height)
      expect(Math.abs((y ?? 0) - centre[1])).toBeLessThan(mapSize.height / 2)
    }
    const germany = shapes.find(({ code }) => code === 'DE')
    expect(germany?.centre[0]).toBeGreaterThan(mapSize.width / 2)
    expect(germany?.centre[1]).toBeLessThan(mapSize.height / 3)
  })

  it('exists for small places that attacks come from', async () => {
    const codes = new Set((await loadWorld('fine')).shapes.map(({ code }) => code))
    for (const code of ['SG', 'HK', 'MT', 'SC', 'BH', 'MU']) expect(codes).toContain(code)
  })

  it.each([
    ['276', 'Germany', 'DE'],
    [4, 'Afghanistan', 'AF'],
    [undefined, 'Kosovo', 'XK'],
    [undefined, 'Somaliland', 'SO'],
    [undefined, 'Atlantis', undefined],
    ['999', undefined, undefined],
  ])('is found by number, then by name: %j %j', (id, name, code) => {
    expect(codeOfShape(id, name)).toBe(code)
  })
})

describe('the view of the map', () => {
  it('never shows anything beyond the edges', () => {
    expect(clampView({ x: 50, y: -900, scale: 2 }, mapSize)).toEqual({ x: 0, y: -470, scale: 2 })
    expect(clampView({ x: -5, y: 3, scale: 0.5 }, mapSize)).toEqual(wholeMap)
  })

  it('keeps the zoomed point where it is', () => {
    const view = zoomView(wholeMap, { factor: 2, at: [300, 200], size: mapSize })
    expect(view).toEqual({ x: -300, y: -200, scale: 2 })
  })

  it.each([
    [0, 100, 0],
    [1, 100, 1],
    [100, 100, 5],
    [1, 1, 5],
    [10, 1_000_000, 1],
  ])('shades %i of %i as %i', (value, most, shade) => {
    expect(shadeOf(value, most)).toBe(shade)
  })
})
