import type { RegexFilter } from '@bangui/shared'
import type { Fail2banConfig } from '../config/config-model.ts'
import { readDefinitions } from '../config/definitions.ts'
import { resolveJail } from '../config/resolve-jail.ts'

/** What a jail finds failures with. */
export interface JailFilter {
  /** the filter that its option `filter` names; null: it has none */
  readonly name: string | null
  /** its regexes as the daemon gets them, for a filter file, in which `%` is written `%%` */
  readonly regexes: RegexFilter
  /** the same text for jails that take the same of the same filter, whatever the files of the filter have */
  readonly taken: string
}

const own = ['failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines'] as const

/** Reads what a jail of a configuration finds failures with. */
export async function readJailFilter(config: Fail2banConfig, name: string): Promise<JailFilter> {
  const jail = resolveJail(config, name, { definitions: await readDefinitions(config, [name]) })
  // what a jail sets itself replaces what its filter has
  const text = (key: string) =>
    (jail.options.get(key)?.value ?? jail.filter?.values.get(key)?.text)?.replaceAll('%', '%%').trim()
  const list = (key: string) => (text(key) ?? '').split('\n')
  const maxlines = Number(text('maxlines'))
  return {
    name: jail.filter?.name ?? null,
    regexes: {
      failregex: list('failregex'),
      ignoreregex: list('ignoreregex'),
      ...(text('prefregex') && { prefregex: text('prefregex') }),
      ...(text('datepattern') && { datepattern: text('datepattern') }),
      ...(maxlines >= 1 && { maxlines }),
    },
    taken: JSON.stringify([
      jail.filter?.name ?? null,
      [...(jail.filter?.parameters ?? [])],
      own.map((key) => jail.options.get(key)?.value ?? null),
    ]),
  }
}
