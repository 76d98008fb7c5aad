// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrastOf } from '../../test/contrast.ts'
import { shadeOf, shadeSteps } from './map-view.ts'

const css = readFileSync(`${import.meta.dirname}/world-map.module.css`, 'utf8')
const pattern = /\[data-shade(?:='\d')?\] \{\s*--shade: light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)/g
const shades = [...css.matchAll(pattern)].map(([, light = '', dark = '']) => ({ light, dark }))

describe.each(['light', 'dark'] as const)('the shades of the map (%s)', (theme) => {
  const [land = '', ...steps] = shades.map((shade) => shade[theme])

  it('are distinguishable from land without a value', () => {
    expect(steps).toHaveLength(5)
    for (const step of steps) expect(contrastOf(step, land)).toBeGreaterThanOrEqual(3)
  })

  it('are distinguishable from their neighbours', () => {
    const contrasts = steps.slice(1).map((step, index) => contrastOf(step, steps[index] ?? ''))
    for (const contrast of contrasts) expect(contrast).toBeGreaterThanOrEqual(1.25)
  })
})

describe('the legend of the map', () => {
  it.each([
    [0, [{ shade: 0, from: 0, to: 0 }]],
    [1, [{ shade: 5, from: 1, to: 1 }]],
    [
      2,
      [
        { shade: 4, from: 1, to: 1 },
        { shade: 5, from: 2, to: 2 },
      ],
    ],
  ])('has no shade that no value up to %i can have', (most, steps) => {
    expect(shadeSteps(most)).toEqual(steps)
  })

  it.each([3, 7, 31, 69, 242, 1_000, 99_999])('has every value up to %i in its shade', (most) => {
    const steps = shadeSteps(most)
    expect(steps[0]?.from).toBe(1)
    expect(steps.at(-1)?.to).toBe(most)
    const wrong = Array.from({ length: most }, (_, index) => index + 1).filter((value) => {
      const found = steps.filter(({ from, to }) => value >= from && value <= to)
      return found.length !== 1 || found[0]?.shade !== shadeOf(value, most)
    })
    expect(wrong).toEqual([])
  })
})
