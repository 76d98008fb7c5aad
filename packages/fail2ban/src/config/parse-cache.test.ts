import { expect, it } from 'vitest'
import { readIniOnce } from './parse-cache.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

it('the same content is parsed once, other content anew', () => {
  const first = readIniOnce(bytesOf('[a]\nx = 1\n'))
  expect(readIniOnce(bytesOf('[a]\nx = 1\n'))).toBe(first)
  expect(readIniOnce(bytesOf('[a]\nx = 2\n')).sections[0]?.options[0]?.value).toBe('2')
})

it('content is forgotten again when there is much of it', () => {
  const text = (index: number) => bytesOf(`[a]\nx = ${index} ${'y'.repeat(900_000)}\n`)
  const first = readIniOnce(text(0))
  for (let index = 1; index < 6; index++) readIniOnce(text(index))
  expect(readIniOnce(text(0))).not.toBe(first)
  expect(readIniOnce(text(0))).toEqual(first)
})
