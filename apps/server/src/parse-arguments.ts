import { parseArgs } from 'node:util'
import { nearestName } from './config/nearest-name.ts'
import type { DemoMode } from './demo/decide-demo.ts'

/** A command, as parsed from the command line. */
export type Command =
  | { readonly name: 'serve'; readonly demo: DemoMode }
  | { readonly name: 'help' | 'version' }

/** The text of `bangui --help`. */
export const helpText = `bangui serve            serve the web interface
  --demo                show a private fail2ban under simulated attacks
  --auto-demo           show the demo where this machine has no fail2ban
  --no-demo             never show the demo
bangui --version        print the version
Settings are read from the environment; the README lists them.
`

const options = {
  demo: { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  'auto-demo': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** Parses the command line. @throws Error with a sentence about the problem */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    // unknown options are reported in BanGUI's own words
    strict: false,
    tokens: true,
    options,
  })
  for (const token of tokens) if (token.kind === 'option') requireKnown(token)
  if (values.version) return { name: 'version' }
  const [command, ...rest] = positionals
  if (values.help || command === undefined) return { name: 'help' }
  if (command !== 'serve' || rest.length > 0) {
    throw new Error(`There is no command "${positionals.join(' ')}". Try bangui --help.`)
  }
  if (values['no-demo']) return { name: 'serve', demo: 'never' }
  if (values.demo) return { name: 'serve', demo: 'always' }
  return { name: 'serve', demo: values['auto-demo'] ? 'auto' : 'never' }
}

function requireKnown({
  name,
  rawName,
  value,
}: {
  name: string
  rawName: string
  value?: string | undefined
}) {
  const known = Object.keys(options)
  if (!known.includes(name)) {
    const nearest = name.length > 1 ? nearestName(name, known) : undefined
    const hint = nearest === undefined ? 'Try bangui --help.' : `Did you mean --${nearest}?`
    throw new Error(`There is no option ${rawName}. ${hint} Settings such as the port are BANGUI_ variables.`)
  }
  if (value !== undefined) throw new Error(`${rawName} takes no value. Try bangui --help.`)
}
