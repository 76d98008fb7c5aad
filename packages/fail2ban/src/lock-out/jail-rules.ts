import type { RegexFilter } from '@bangui/shared'
import type { StreamCommand } from '../config/dump-config.ts'
import { evaluatedSeconds } from '../config/evaluated-seconds.ts'
import type { PythonValue } from '../config/python-literal.ts'

/** Whom a jail would ban, as the commands of a load have it. */
export interface JailRules {
  /** for a filter file, in which `%` is written `%%` */
  readonly filter: RegexFilter
  /** null: it is not known */
  readonly maxretry: number | null
  /** in seconds; null: it is not known */
  readonly findtime: number | null
  /** addresses, networks, host names and files */
  readonly ignored: readonly string[]
  /** it never bans this machine */
  readonly ignoresSelf: boolean
  /** empty: there is none */
  readonly ignoreCommand: string
  readonly logs: readonly string[]
  /** the matches of the journal */
  readonly journals: readonly string[]
}

/** Returns whom a jail would ban after a load with these commands. */
export function readJailRules(stream: readonly StreamCommand[], jail: string): JailRules {
  const commands = stream.filter(
    ([verb, target]) => target === jail && (verb === 'set' || verb === 'multi-set'),
  )
  const valuesOf = (option: string): PythonValue[] =>
    commands.flatMap(([, , key, ...values]) => (key === option ? values : []))
  const textsOf = (option: string) => valuesOf(option).flat().map(textOf)
  const last = (option: string) => textsOf(option).at(-1) ?? ''
  const escaped = (text: string) => text.replaceAll('%', '%%')
  const maxlines = Number(last('maxlines'))
  const findtime = evaluatedSeconds(last('findtime'))
  return {
    filter: {
      failregex: textsOf('addfailregex').map(escaped),
      ignoreregex: textsOf('addignoreregex').map(escaped),
      ...(last('prefregex') !== '' && { prefregex: escaped(last('prefregex')) }),
      ...(last('datepattern') !== '' && { datepattern: escaped(last('datepattern')) }),
      ...(maxlines >= 1 && { maxlines }),
    },
    maxretry: /^\d+$/.test(last('maxretry')) ? Number(last('maxretry')) : null,
    findtime: findtime.kind === 'number' ? findtime.value : null,
    ignored: textsOf('addignoreip'),
    ignoresSelf: !/^(?:false|0|no|off)$/i.test(last('ignoreself')),
    ignoreCommand: last('ignorecommand'),
    logs: commands.flatMap(([, , key, path]) => (key === 'addlogpath' ? [textOf(path)] : [])),
    journals: commands.flatMap(([, , key, ...words]) =>
      key === 'addjournalmatch' ? [words.flat().map(textOf).join(' ')] : [],
    ),
  }
}

const textOf = (value: PythonValue | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : JSON.stringify(value ?? '')
