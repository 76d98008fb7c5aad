import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFolder, readFoldersWithFail2ban } from '../../../test/fail2ban-reader.ts'
import { planIn } from '../../../test/planned-edits.ts'
import { findOption } from '../catalogue/catalogue.ts'
import { grammarOf } from '../catalogue/grammars.ts'

const jailConf = `[DEFAULT]
port = 0:65535
action_ = noop[port="%(port)s"]
action = %(action_)s
ignorecommand =
[web]
port = http
[mail]
action = noop
`

const line = fc.constantFrom(
  '[web]',
  '[mail]',
  '[new]',
  '[DEFAULT]',
  '[web]x]',
  ' [mail]',
  '[mail] ; port = 1',
  'port = 22',
  'PORT: ssh',
  'maxretry = 3',
  'failregex = ^a <HOST>$',
  '  ^b <HOST>$',
  '  action = evil',
  'action = evil',
  '\taction = evil',
  '\u00A0action = evil',
  'action\u00A0= evil',
  '\u2003ignorecommand = evil',
  'Ignorecommand: evil',
  'port = 22 ; action = evil',
  '; action = evil',
  '# action = evil',
  '#',
  'action = noop[port="22"]',
  'action = noop[port=22]',
  'action = noop[port=22][x=evil]',
  'action = noop[port="22" x="evil"]',
  'action = noop[port="22", x="evil"]',
  'port = %(action)s',
  'unknown = evil',
  '',
  '   ',
)
const text = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\n', '\r', '\r\n'))
  .map(([lines, end]) => ['[web]', ...lines, ''].join(end))

it('an edited text that is allowed at the level of jails changes allowed options only, as fail2ban itself reads it', async () => {
  await using folder = await createFolder({ 'jail.conf': jailConf })
  const accepted: string[] = []
  for (const content of fc.sample(text, 500)) {
    const planned = planIn(folder.path, [{ kind: 'file', file: 'jail.local', content }])
    if (
      await planned.then(
        () => true,
        () => false,
      )
    )
      accepted.push(content)
  }
  expect(accepted.length).toBeGreaterThan(20)
  const paths = accepted.map((_, index) => join(folder.path, `case-${index}`))
  for (const [index, content] of accepted.entries()) {
    const path = join(paths[index] ?? '', 'jail.local')
    await mkdir(dirname(path))
    await writeFile(path, content)
    await writeFile(join(dirname(path), 'jail.conf'), jailConf)
  }
  const [before, ...after] = await readFoldersWithFail2ban([folder.path, ...paths])
  for (const [index, sections] of after.entries())
    for (const [name, options] of Object.entries(sections ?? {}))
      for (const [key, value] of Object.entries(options)) {
        const old = (before?.[name] ?? before?.['web'])?.[key]
        const option = findOption('jail', key)
        const isAllowed =
          (option?.privilege === 'safe' || option?.privilege === 'guarded') &&
          grammarOf(option).accepts(value ?? '%')
        const withoutPort = (given: string | null | undefined) => given?.replace(/port="?[a-z0-9:]+"?/, '')
        const isSame = withoutPort(value) === withoutPort(old)
        expect(isAllowed || isSame, JSON.stringify([accepted[index], name, key, value])).toBe(true)
      }
})
