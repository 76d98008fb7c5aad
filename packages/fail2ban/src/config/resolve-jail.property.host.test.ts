import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../test/fail2ban-reader.ts'
import { dumpJails, resolveJails, streamsOf } from '../../test/resolved-stream.ts'
import { findFail2banVersions } from '../testing.ts'

/** How many jails a configuration has: one run of fail2ban-client reads them all. */
const JAILS = 60

const variables = ['v0', 'v1', 'v2', 'v3'] as const

const words = [
  'a',
  'B c',
  '<HOST>',
  '<unknown>',
  'x=y',
  '[z]',
  '"q"',
  "it's",
  '\\d+',
  ':',
  ';x',
  '#y',
  '<lt',
  ' ; comment',
  '\n  more',
  '\n\n  after a blank line',
  '\n  # comment\n  end',
  '<name>',
  '\t',
  'é',
  '<F-ID>',
]

/** A value that refers to the first `count` variables only, so that no value leads back to itself. */
const valueUpTo = (count: number, more: readonly string[] = []) => {
  const references = variables
    .slice(0, count)
    .flatMap((name) => [`%(${name})s`, `<${name}>`, `%(${name.toUpperCase()})s`])
  return fc
    .array(fc.constantFrom(...words, ...references, ...more), { maxLength: 5 })
    .map((pieces) => pieces.join(''))
}

const parameterUpTo = (count: number) =>
  fc
    .array(
      fc.constantFrom('a', 'b c', ',', ']', '=', ...variables.slice(0, count).map((name) => `<${name}>`)),
      { maxLength: 4 },
    )
    .map((pieces) => pieces.join(''))

type Options = Readonly<Record<string, fc.Arbitrary<string>>>

/** A section, of which each option but those `required` may be missing. */
const section = (name: string, options: Options, required: readonly string[] = []) =>
  fc.record(options, { requiredKeys: [...required] }).map((own) => {
    const lines = Object.entries(own).map(([key, value]) => `${key} = ${value}\n`)
    return `[${name}]\n${lines.join('')}`
  })

const variableOptions = {
  v0: valueUpTo(0),
  v1: valueUpTo(1),
  v2: valueUpTo(2),
  v3: valueUpTo(3),
}

const yesOrNo = fc.constantFrom('yes', 'no', 'true', 'On', '1', '0', 'x')

/** The files of a filter or an action: `.conf` and `.local`, with defaults for each variable. */
const definition = (options: Options) =>
  fc.record({
    conf: fc
      .tuple(
        fc.record(variableOptions),
        section('Definition', { ...variableOptions, ...options }, ['v3']),
        section('Init', variableOptions),
        fc.option(section('Init?family=inet6', { v2: valueUpTo(0) }), { nil: '' }),
      )
      .map(([defaults, ...sections]) => {
        const all = Object.entries(defaults).map(([key, value]) => `${key} = ${value}\n`)
        return `[DEFAULT]\n${all.join('')}${sections.join('')}`
      }),
    local: fc.option(
      fc
        .tuple(
          section('Definition', { v1: valueUpTo(1, ['%(default/v0)s']), ...options }),
          section('Init', { v0: valueUpTo(0) }),
        )
        .map((sections) => sections.join('')),
      { nil: undefined },
    ),
  })

const anywhere = ['<v2?family=inet6>', '<known/v1>', '<Init/v0>', '<default/v0>']

const filter = definition({
  failregex: valueUpTo(4, anywhere),
  ignoreregex: valueUpTo(4),
  prefregex: valueUpTo(4),
  datepattern: valueUpTo(1),
  maxlines: fc.constantFrom('1', '10', ' 7'),
  usedns: fc.constantFrom('no', '%(v0)s'),
})

const action = definition({
  actionban: valueUpTo(4, [...anywhere, '%%', '<ip>', '<bantime>', '<maxretry>']),
  actionunban: valueUpTo(4),
  actionstart: valueUpTo(4),
  norestored: yesOrNo,
  actionstart_on_demand: yesOrNo,
})

const parameters = fc
  .record(
    {
      v1: parameterUpTo(1),
      v2: parameterUpTo(0),
      name: fc.constantFrom('n', 'other'),
      actname: fc.constant('x'),
    },
    { requiredKeys: [] },
  )
  .map((own) => Object.entries(own).map(([key, value]) => `${key}="${value}"`))
  .map((own) => (own.length === 0 ? '' : `[${own.join(', ')}]`))

const jail = fc.record({
  filter,
  action,
  filterParameters: parameters,
  actionParameters: parameters,
  conf: section('JAIL', {
    maxretry: fc.constantFrom('3', ' 05', 'x'),
    bantime: fc.constantFrom('1h', '%(findtime)s'),
    ignoreip: valueUpTo(0),
  }),
  local: fc.option(
    section('JAIL', {
      failregex: fc.constantFrom('^a <HOST>', '%(known/v3)s\n  b', '%(known/bantime)s'),
      maxretry: fc.constantFrom('7', '%(known/findtime)s'),
      findtime: fc.constantFrom('5', '6m ; x', '%(default/findtime)s'),
      logtimezone: fc.constantFrom('%(__name__)s', '%(j0/findtime)s'),
    }),
    { nil: '' },
  ),
})

type Jail = typeof jail extends fc.Arbitrary<infer TJail> ? TJail : never

function filesOf(jails: readonly Jail[]): Record<string, string> {
  const files: Record<string, string> = { 'fail2ban.conf': '[Definition]\n' }
  const conf = ['[DEFAULT]\nbackend = polling\nlogpath = /dev/null\nbantime = 10m\nfindtime = 20m\n']
  const local: string[] = []
  for (const [index, each] of jails.entries()) {
    const name = `j${index}`
    for (const [folder, { conf: own, local: over }] of [
      ['filter.d', each.filter],
      ['action.d', each.action],
    ] as const) {
      files[`${folder}/${name}.conf`] = own
      if (over !== undefined) files[`${folder}/${name}.local`] = over
    }
    const uses = `enabled = yes\nfilter = ${name}${each.filterParameters}\naction = ${name}${each.actionParameters}\n`
    conf.push(each.conf.replace('[JAIL]\n', `[${name}]\n${uses}`))
    local.push(each.local.replace('JAIL', name))
  }
  return { ...files, 'jail.conf': conf.join(''), 'jail.local': local.join('') }
}

describe.each(findFail2banVersions())('any configuration, with fail2ban $version', (tested) => {
  it('is read as fail2ban reads it', async () => {
    const configurations = fc.array(jail, { minLength: JAILS, maxLength: JAILS })
    await fc.assert(
      fc.asyncProperty(configurations, async (jails) => {
        await using folder = await createFolder(filesOf(jails))
        const { version } = tested
        const found = streamsOf(await resolveJails(folder.path, version), { configDir: folder.path, version })
        expect(found).toEqual(await dumpJails(folder.path, tested))
      }),
      { numRuns: 2, endOnFailure: true },
    )
  })
})
