import { isAbsolute, join, relative } from 'node:path'
import type { ConfigMessage } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { interpolate } from '../config/interpolate.ts'
import type { Finding } from './check-config.ts'

/** Which configuration findings are about. */
export interface Examined {
  /** read from a copy */
  readonly config: Fail2banConfig
  /** the folder that messages name */
  readonly live: string
  /** why the change is refused; null: it is not */
  readonly refused: string | null
}

/** Returns what fail2ban says about a configuration, each with the file and line that it is about, as far as they are known. */
export function findingMessages(
  findings: readonly Finding[],
  { config, live, refused }: Examined,
): ConfigMessage[] {
  const messages = findings.map(({ jail, reason }): ConfigMessage => {
    const isRefusal = refused?.includes(reason) === true
    return {
      severity: isRefusal ? 'error' : 'warning',
      text: reason,
      jail,
      ...placeOf(reason, jail, { config, live }),
    }
  })
  if (refused === null || messages.some(({ severity }) => severity === 'error')) return messages
  // a mistake that only shows where the jails are tested alone, or a file that cannot be written
  return [{ severity: 'error', text: refused, jail: null, ...placeInText(refused) }, ...messages]
}

type Place = Pick<ConfigMessage, 'file' | 'line'>

function placeOf(text: string, jail: string | null, examined: Omit<Examined, 'refused'>): Place {
  const named = placeInText(text)
  const [, key] = /^([\w.]+): /.exec(text) ?? []
  if (named.file !== null || jail === null || key === undefined) return named
  const found = interpolate(examined.config.jail, jail, key.replace(/^add/, ''))
  if (found === undefined || found.file === null) return named
  const inside = relative(examined.config.configDir, found.file)
  const isInside = !isAbsolute(inside) && !inside.startsWith('..')
  return { file: isInside ? join(examined.live, inside) : found.file, line: found.line }
}

/** fail2ban and Python's parser name a file in quotes, and its lines as `[line  3]`. */
function placeInText(text: string): Place {
  const [, file = null] = /['"]?(\/[^\s'":]+\.(?:conf|local))\b/.exec(text) ?? []
  const [, line] = /\[line\s+(\d+)\]/.exec(text) ?? /, line (\d+)/.exec(text) ?? []
  return { file, line: file === null || line === undefined ? null : Number(line) }
}
