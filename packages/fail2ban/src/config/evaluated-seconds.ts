import { evaluateArithmetic } from './python-arithmetic.ts'
import { isDurationOption } from './options.ts'
import type { Evaluated } from './python-arithmetic.ts'

/** Units in the order in which `mytime.py` replaces them; a month and a year are floats there. */
const units = (
  [
    ['days?|da|dd?', '*86400'],
    ['weeks?|wee?|ww?', '*604800'],
    ['months?|mon?', '*2629800.0'],
    ['years?|yea?|yy?', '*31557600.0'],
    ['seconds?|sec?|ss?', '*1'],
    ['minutes?|min?|mm?', '*60'],
    ['hours?|hou?|hh?', '*3600'],
  ] as const
).map(([names, factor]) => ({ unit: new RegExp(`(?<=[\\d\\s])(?:${names})\\b`, 'gi'), factor }))

/**
 * Returns the seconds of a duration in a configuration, as fail2ban reads it: units become factors, and Python
 * evaluates the result (`str2seconds` in `mytime.py`; the same in 0.11.2 to 1.1.1). The number may be negative or have
 * a fraction. BanGUI itself writes only the strict grammar of `parseDuration`.
 */
export function evaluatedSeconds(text: string): Evaluated {
  const expression = withoutComment(text)
  return expression === undefined ? { kind: 'unknown' } : evaluateArithmetic(withFactors(expression))
}

/** Returns whether fail2ban would run a value of an option as Python that is more than arithmetic, such as a call. */
export const isPythonProgram = (key: string, value: string): boolean =>
  (isDurationOption(key) && evaluatedSeconds(value).kind === 'unknown') ||
  (key === 'bantime.factor' && evaluateArithmetic(value).kind === 'unknown')

/** Undefined where a comment ends before the text does: the replacements below may reach over its end. */
function withoutComment(text: string): string | undefined {
  const at = text.indexOf('#')
  if (at === -1) return text
  return text.includes('\n', at) ? undefined : text.slice(0, at)
}

function withFactors(text: string): string {
  // Python's \d, \s and \b know more characters than ASCII; a text that has such is not read at all
  let expression = text.replaceAll(/(?<=[a-z])(\d)/gi, ' $1')
  for (const { unit, factor } of units) expression = expression.replace(unit, factor)
  return expression.replaceAll(/(\d)\s+(\d)/g, '$1+$2')
}
