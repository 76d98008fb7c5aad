import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8')
const pattern = /--([\w-]+):\s*light-dark\(\s*oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\s*\)/g
const tokens = new Map([...css.matchAll(pattern)].map(([, name, light, dark]) => [name!, { light, dark }]))

const clamp = (value: number) => Math.min(1, Math.max(0, value))

/** Relative luminance (WCAG) of "L C h" in OKLCH, clipped to sRGB. */
function luminance(oklch: string): number {
  const [l, c, h] = oklch.split(/\s+/).map(Number) as [number, number, number]
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = clamp(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short)
  const green = clamp(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short)
  const blue = clamp(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(first: string, second: string, theme: 'light' | 'dark'): number {
  const [high, low] = [first, second]
    .map((name) => luminance(tokens.get(name)![theme]!))
    .toSorted((one, other) => other - one) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const surfaces = ['bg', 'surface', 'raised', 'sunken']
const tones = ['ok', 'warning', 'danger', 'info']

const series = Array.from({ length: 8 }, (_, index) => `series-${index + 1}`)

const text: [string, string][] = [
  ...['text', 'text-2', 'text-3', 'accent-text'].flatMap((name) =>
    surfaces.map((surface): [string, string] => [name, surface]),
  ),
  ...['text', 'text-2', 'text-3'].map((name): [string, string] => [name, 'hover']),
  ...tones.flatMap((tone): [string, string][] => [
    [`${tone}-text`, `${tone}-soft`],
    [`${tone}-text`, 'surface'],
    [`${tone}-text`, 'bg'],
    ['text', `${tone}-soft`],
  ]),
  ['danger-text', 'raised'],
  ['danger-text', 'hover'],
  ['accent-text', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-accent', 'accent-pressed'],
  ['on-danger', 'danger-fill'],
  ['on-danger', 'danger-fill-hover'],
]

const shapes: [string, string][] = [
  ...['border-strong', 'accent', 'focus'].flatMap((name) =>
    surfaces.map((surface): [string, string] => [name, surface]),
  ),
  ...series.flatMap((name) => ['surface', 'raised'].map((surface): [string, string] => [name, surface])),
  ...tones.flatMap((tone) => ['bg', 'surface', 'raised'].map((surface): [string, string] => [tone, surface])),
]

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  test.each(text)('text in %s on %s has a contrast of at least 4.5', (name, surface) => {
    expect(contrast(name, surface, theme)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(shapes)('shapes in %s on %s have a contrast of at least 3', (name, surface) => {
    expect(contrast(name, surface, theme)).toBeGreaterThanOrEqual(3)
  })
})

test('the accent in light is #0F6CBD', () => {
  expect(tokens.get('accent')?.light).toBe('0.526 0.149 251.6')
})
