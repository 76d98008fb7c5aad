import { parsePythonLiteral, PythonLiteralError } from './python-literal.ts'

/** One message that fail2ban-client printed; Python's errors have several lines. */
export interface ClientMessage {
  readonly level: string
  readonly text: string
}

/** One thing that fail2ban refuses; `jail` null: it is not about one jail. */
export interface Refusal {
  readonly jail: string | null
  readonly reason: string
  /** the option of which the daemon refuses the value */
  readonly option?: string
  /** the value, of several the one */
  readonly value?: string
}

const start = /^(CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG):? +(.*)$/

/** Splits what fail2ban-client printed, without the time before each line, into its messages. */
export function messagesOf(output: string): ClientMessage[] {
  const messages: { level: string; text: string }[] = []
  for (const line of output.split('\n')) {
    const [, level, text] = start.exec(line) ?? []
    const last = messages.at(-1)
    if (level !== undefined && text !== undefined) messages.push({ level, text })
    else if (last !== undefined) last.text += `\n${line}`
  }
  return messages.map(({ level, text }) => ({ level, text: text.trimEnd() }))
}

/** Sorts the errors that fail2ban-client printed by the jail that they are about. */
export function refusalsOf(output: string): Refusal[] {
  const refusals: Refusal[] = []
  let pending: string[] = []
  for (const { level, text } of messagesOf(output)) {
    if (level !== 'ERROR') continue
    const jail = jailWithErrors(text)
    if (jail === undefined) {
      pending.push(text)
      continue
    }
    refusals.push({ jail, reason: pending.join('\n') || text })
    pending = []
  }
  const rest = pending.filter(
    (text) => text !== 'The configuration stream failed because of the invalid syntax.',
  )
  return [...refusals, ...rest.map((reason) => ({ jail: refusedJail(reason), reason }))]
}

/** `Errors in jail 'web'. Skipping...`, with the name as Python's `repr` writes it. */
function jailWithErrors(text: string): string | undefined {
  const [, quoted] = /^Errors in jail (.+?)\.(?: Skipping\.\.\.)?$/.exec(text) ?? []
  return quoted === undefined ? undefined : textOf(quoted)
}

/** The section that fail2ban-client names when it refuses a configuration as a whole. */
export function refusedJail(text: string): string | null {
  const [, quoted] = /\bin section:? ('(?:[^'\\]|\\.)+'|"(?:[^"\\]|\\.)+")/.exec(text) ?? []
  const name = (quoted === undefined ? undefined : textOf(quoted)) ?? jailWithoutLog(text)
  return name === undefined || ['DEFAULT', 'INCLUDES', 'Definition', 'Init'].includes(name) ? null : name
}

/** Matches the message that no log of a jail was found; the name is quoted from 1.1.1 on. */
export function jailWithoutLog(text: string): string | undefined {
  const [, quoted, plain] =
    /Have not found any log file for (?:'([^\n]+)' jail\.|([^\n]+) jail)$/m.exec(text) ?? []
  return quoted ?? plain
}

/** The place of an error in a message of Python's parser; `line` is null where it names the file only. */
export function placeIn(text: string): { readonly file: string; readonly line: number | null } | undefined {
  const [, reading, at] = /While reading from '([^\n]+)' \[line +(\d+)\]/.exec(text) ?? []
  if (reading !== undefined) return { file: reading, line: Number(at) }
  const [, headless, first] = /^file: '([^\n]+)', line: (\d+)$/m.exec(text) ?? []
  if (headless !== undefined) return { file: headless, line: Number(first) }
  const [, source, line] = /parsing errors: '([^\n]+)'\n\s*\[line +(\d+)\]/.exec(text) ?? []
  if (source !== undefined) return { file: source, line: Number(line) }
  const [, unread] =
    /^(?:Error decoding config file '([^\n]+)': |Could not read config files: )/.exec(text) ?? []
  return unread === undefined ? undefined : { file: unread, line: null }
}

function textOf(quoted: string): string | undefined {
  try {
    const value = parsePythonLiteral(quoted)
    return typeof value === 'string' ? value : undefined
  } catch (error) {
    if (error instanceof PythonLiteralError) return undefined
    throw error
  }
}
