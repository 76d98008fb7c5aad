import { showHidden, type JailFilter } from '@bangui/shared'
import { jailArgument } from './commands.ts'
import type { DaemonConnection } from './connection.ts'
import { readText, readTexts } from './replies.ts'

type Requests = Pick<DaemonConnection, 'request'>

/** More than any filter that is delivered with fail2ban has. */
const maxExpressions = 500
const maxLength = 20_000

/** Returns the filter of a running jail. @throws Fail2banCommandError for a jail that does not run */
export const readFilter = async (connection: Requests, jail: string): Promise<JailFilter> => {
  const get = (key: string) => connection.request(['get', jailArgument(jail), key])
  const [fail, ignore, prefix] = await Promise.all([get('failregex'), get('ignoreregex'), get('prefregex')])
  return {
    failRegex: expressionsOf(readTexts(fail, 'failregex')),
    ignoreRegex: expressionsOf(readTexts(ignore, 'ignoreregex')),
    // '' or None where the filter has none
    prefRegex: prefix ? (expressionsOf([readText(prefix, 'prefregex')])[0] ?? null) : null,
  }
}

const expressionsOf = (texts: readonly string[]): string[] =>
  texts.slice(0, maxExpressions).map((text) => foldHostTags(showHidden(text).slice(0, maxLength)))

// server/failregex.py and server/ipdns.py of fail2ban 0.11 to 1.1
const ipv4 = String.raw`(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})`
const name = String.raw`(?P<dns>[\w\-.^_]*\w)`

/** 1.1 writes IPv6 in another way. The longest first: one is a part of the other. */
const tags = ['::', ':'].flatMap((start) => {
  const ipv6 = String.raw`(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|${start}){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))`
  const address = String.raw`\[?(?:${ipv4}|${ipv6})\]?`
  return [
    [`(?:${address}|${name})`, '<HOST>'],
    [address, '<ADDR>'],
    [ipv6, '<IP6>'],
  ] as const
})

const shortTags = [
  [ipv4, '<IP4>'],
  [name, '<DNS>'],
] as const

/** An expression as its author wrote it: fail2ban returns it with its tags expanded. */
export const foldHostTags = (expression: string): string =>
  [...tags, ...shortTags].reduce((text, [long, tag]) => text.replaceAll(long, tag), expression)
