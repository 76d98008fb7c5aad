import { escapeHidden } from '@bangui/shared'
import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino'
import { prettyFactory } from 'pino-pretty'

export type Logger = PinoLogger

export interface LoggerOptions {
  readonly level?: string
  readonly stream: { write(line: string): unknown }
  /** for people, instead of JSON lines */
  readonly pretty?: boolean
}

const secrets = ['password', 'token', 'cookie', 'authorization', 'set-cookie']

/** A logger that writes JSON lines, or readable ones: time first, the level as a word, a stable `event`, the text. */
export function createLogger({ level = 'info', stream, pretty = false }: LoggerOptions): Logger {
  const toText = pretty ? prettyFactory({ ignore: 'event', singleLine: true, sync: true }) : undefined
  const write = (line: string) => stream.write(escapeHidden(toText ? toText(line) : line))
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '(hidden)',
    },
    hooks: { streamWrite: ordered },
  }
  return pino(options, { write })
}

/**
 * Pino writes level, time, fields, msg. A filter of fail2ban needs the time at the start, and people want the text
 * before the fields; in `login_failed` the text stays last, so that the address is close to the start.
 */
function ordered(line: string): string {
  const timed = line.replace(/^\{"level":"(\w+)","time":"([^"]+)"/, '{"time":"$2","level":"$1"')
  const head = /^\{"time":"[^"]+","level":"\w+","event":"(\w+)"/.exec(timed)
  if (!head || head[1] === 'login_failed') return timed
  // within a JSON text every quote is escaped, so the last of these is the message itself
  const at = timed.lastIndexOf(',"msg":"')
  const end = timed.lastIndexOf('}')
  if (at <= head[0].length) return timed
  return `${head[0]}${timed.slice(at, end)}${timed.slice(head[0].length, at)}}\n`
}
