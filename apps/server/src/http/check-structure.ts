import { AppError } from '../lib/errors.ts'

/** The most levels of lists and objects in one another; inputs have four, a batch one more. */
export const MAX_DEPTH = 32

/** The most lists, objects and keys in one text; lists of addresses are long, but have none of these. */
export const MAX_PARTS = 10_000

const QUOTE = 0x22
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Looks once over the bytes of a JSON text before it is parsed: nested lists take a parser a hundred times as long as
 * one string of their size. @throws AppError input_too_complex
 */
export function checkStructure(json: Uint8Array): void {
  let depth = 0
  let parts = 0
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index]
    if (byte === QUOTE) {
      index = endOfString(json, index)
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1
      parts += 1
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1
    } else if (byte === COLON) {
      parts += 1
    }
    if (depth > MAX_DEPTH || parts > MAX_PARTS) throw new AppError('input_too_complex')
  }
}

/** The place of the quote that ends a string, or of the text's end. */
function endOfString(json: Uint8Array, start: number): number {
  let index = start + 1
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1
  return index
}
