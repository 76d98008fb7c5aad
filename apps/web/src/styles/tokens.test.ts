// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrastOf } from '../../test/contrast.ts'

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8')
const pattern = /--([\w-]+):\s*light-dark\(\s*oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\s*\)/g
const tokens = new Map([...css.matchAll(pattern)].map(([, name, light, dark]) => [name!, { light, dark }]))

const contrast = (first: string, second: string, theme: 'light' | 'dark'): number =>
  contrastOf(tokens.get(first)![theme]!, tokens.get(second)![theme]!)

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
