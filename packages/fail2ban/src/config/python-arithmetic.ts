/** The result of an expression in Python. */
export type Evaluated =
  | { readonly kind: 'number'; readonly value: number }
  /** Python raises an error */
  | { readonly kind: 'error' }
  /** not understood here: Python's result is unknown */
  | { readonly kind: 'unknown' }

/** `isInteger`: Python has it as an int, whose arithmetic is exact. */
interface PythonNumber {
  readonly value: number
  readonly isInteger: boolean
}

/** A number, one of Python's operators, or `name`: a word that means nothing to Python. */
type Token = PythonNumber | string

const MAX_LENGTH = 1000
const MAX_DEPTH = 50

class PythonError extends Error {
  override readonly name = 'PythonError'
}

/** Thrown where reading ends without a result. */
class UnknownError extends Error {
  override readonly name = 'UnknownError'
}

const keywords = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
  'for',
  'lambda',
  'await',
  'yield',
  'async',
])

/**
 * Evaluates arithmetic as Python does: numbers, `+ - * / // % **`, parentheses. Words are errors, except `True` and
 * `False`, and a comma makes a tuple instead of a number. The result of calls, strings, comparisons and anything else
 * is unknown; nothing is ever executed.
 */
export function evaluateArithmetic(text: string): Evaluated {
  try {
    const tokens = tokenize(oneLine(text))
    const { value } = createParser(tokens).parse()
    return { kind: 'number', value }
  } catch (error) {
    if (error instanceof PythonError) return { kind: 'error' }
    if (error instanceof UnknownError) return { kind: 'unknown' }
    throw error
  }
}

/** Python passes over spaces before the first line and after the last, and over empty lines around. */
function oneLine(text: string): string {
  const line = text
    .replace(/^[ \t]+/, '')
    .replace(/^\n+(?=\S)/, '')
    .replace(/[ \t]*\n*$/, '')
  if (line.length > MAX_LENGTH || !/^[\t -~]*$/.test(line)) throw new UnknownError()
  return line
}

const token =
  /[ \t]*(?:((?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:e[+-]?[\d_]+)?[a-z_]*)|([a-z_]\w*)(?=[ \t]*(\()?)|(\/\/|\*\*|[-+*/%(),]))/giy

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const [, number, word, call, operator] = token.exec(text) ?? []
    if (number !== undefined) tokens.push(readNumber(number))
    else if (word !== undefined) tokens.push(readWord(word, call !== undefined))
    else if (operator !== undefined) tokens.push(operator)
    else throw new UnknownError()
  }
  return tokens
}

function readNumber(text: string): Token {
  const [, digits = '', suffix = ''] = /^(.*?(?:e[+-]?[\d_]+)?)([a-z_]*)$/i.exec(text) ?? []
  // hexadecimal and its like, imaginary numbers, a keyword right after a number
  if (/^0[xob]/i.test(text) || /^j$/i.test(suffix) || keywords.has(suffix)) throw new UnknownError()
  const isWellFormed = suffix === '' && !/_(?!\d)|(?<!\d)_/.test(digits)
  const isInteger = /^[\d_]+$/.test(digits)
  if (!isWellFormed || (isInteger && /^0[\d_]*[1-9]/.test(digits))) return 'name'
  return known({ value: Number(digits.replaceAll('_', '')), isInteger })
}

function readWord(word: string, isCall: boolean): Token {
  if (isCall || word.startsWith('_') || keywords.has(word)) throw new UnknownError()
  if (word === 'True' || word === 'False') return { value: Number(word === 'True'), isInteger: true }
  return 'name'
}

function createParser(tokens: readonly Token[]) {
  let at = 0
  const take = (...wanted: readonly string[]): string | undefined => {
    const next = tokens[at]
    if (typeof next !== 'string' || !wanted.includes(next)) return undefined
    at += 1
    return next
  }
  const sum = (depth: number): PythonNumber => {
    let left = product(depth)
    for (let operator = take('+', '-'); operator !== undefined; operator = take('+', '-'))
      left = calculate(operator, left, product(depth))
    return left
  }
  const product = (depth: number): PythonNumber => {
    let left = signed(depth)
    const next = () => take('*', '/', '//', '%')
    for (let operator = next(); operator !== undefined; operator = next())
      left = calculate(operator, left, signed(depth))
    return left
  }
  const signed = (depth: number): PythonNumber => {
    if (depth > MAX_DEPTH) throw new UnknownError()
    const sign = take('+', '-')
    if (sign === undefined) return power(depth)
    const { value, isInteger } = signed(depth + 1)
    return { value: sign === '-' ? -value : value, isInteger }
  }
  const power = (depth: number): PythonNumber => {
    const base = atom(depth)
    return take('**') === undefined ? base : calculate('**', base, signed(depth + 1))
  }
  const atom = (depth: number): PythonNumber => {
    if (take('(') !== undefined) {
      const inside = sum(depth + 1)
      if (take(')') === undefined) throw new PythonError()
      return inside
    }
    const number = tokens[at]
    if (typeof number !== 'object') throw new PythonError()
    at += 1
    return number
  }
  const parse = (): PythonNumber => {
    const result = sum(0)
    if (at < tokens.length) throw new PythonError()
    return result
  }
  return { parse }
}

function calculate(operator: string, left: PythonNumber, right: PythonNumber): PythonNumber {
  const isInteger = left.isInteger && right.isInteger
  const [a, b] = [left.value, right.value]
  switch (operator) {
    case '+':
      return known({ value: a + b, isInteger })
    case '-':
      return known({ value: a - b, isInteger })
    case '*':
      return known({ value: a * b, isInteger })
    case '**':
      return raise(left, right)
    default:
      if (b === 0) throw new PythonError()
      if (operator === '/') return known({ value: a / b, isInteger: false })
      // of fractions, JavaScript's quotient can be rounded to the next whole number
      if (!isInteger) throw new UnknownError()
      return known({ value: operator === '//' ? Math.floor(a / b) : a - b * Math.floor(a / b), isInteger })
  }
}

function raise(base: PythonNumber, exponent: PythonNumber): PythonNumber {
  if (base.value === 0 && exponent.value < 0) throw new PythonError()
  const isInteger = base.isInteger && exponent.isInteger && exponent.value >= 0
  return known({ value: base.value ** exponent.value, isInteger })
}

/** Beyond these bounds Python's numbers are others than JavaScript's. */
function known(number: PythonNumber): PythonNumber {
  if (!(Math.abs(number.value) <= Number.MAX_SAFE_INTEGER)) throw new UnknownError()
  return number
}
