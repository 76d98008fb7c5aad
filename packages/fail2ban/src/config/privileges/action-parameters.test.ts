import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { setIn } from '../../../test/planned-edits.ts'
import { file, inDefault, needsOf, payloads } from '../../../test/privilege-config.ts'

/** What `action_` of the configuration has. */
const standard = '%(banaction)s[port="%(port)s", protocol="%(protocol)s", chain="%(chain)s"]'

const withSet = {
  'jail.d/set.local': `[DEFAULT]
destemail = root
action = noop[port="%(port)s", dest="%(destemail)s", sender=x@example.com]
[set]
logpath = /dev/null
action = noop[port=80, dest=admin, sender="x@example.com"]
[web]
action = %(action_)s
`,
}

describe('at the level of jails', () => {
  it.each<[Edit]>([
    // as the jail has them through `action_`
    [setIn('web', 'action', standard.replace('%(port)s', 'ssh,2222'))],
    [setIn('web', 'action', standard.replace('"%(protocol)s"', 'udp'))],
    [file('jail.d/z.local', '[DEFAULT]\naction = noop[port="%(port)s", dest=admin, sender=x@example.com]\n')],
    [setIn('mail', 'action', `%(action_)s\nlog[what="%(datepattern)s"]`)],
    [setIn('mail', 'action', `${standard.replace('%(port)s', '25')}\nlog[what="%(datepattern)s"]`)],
    // also back to what the jail has
    [setIn('set', 'action', `noop[port="%(port)s", dest=root, sender="x@example.com"]`)],
    [setIn('set', 'action', `noop[port=22, dest="%(destemail)s", sender="x@example.com"]`)],
    [setIn('set', 'action', null)],
  ])('%j changes plain parameters of actions, which is allowed', async (edit) => {
    expect(await needsOf([edit], withSet)).toBe('nothing')
  })

  it.each(
    [
      ...payloads,
      '',
      '%(action)s',
      '%(datepattern)s',
      '%(port)s$(touch x)',
      '22", actionban="touch x',
      "22', actionban='touch x",
      '22]\nlog[what=x',
      '22][actionban="touch x"',
    ].flatMap((value) => ['port', 'protocol', 'chain'].map((key) => [key, value] as const)),
  )('the parameter %s = %j of an action is not', async (key, value) => {
    const text = standard.replace(`%(${key})s`, value)
    const edits: Edit[] = [
      setIn('web', 'action', text),
      inDefault('action', text),
      file('jail.local', `[web]\naction = ${text.replaceAll('\n', '\n  ')}\n`),
    ]
    for (const edit of edits) expect(await needsOf([edit])).not.toBe('nothing')
  })

  it.each<[string, Edit[]]>([
    ['another action', [setIn('web', 'action', standard.replace('%(banaction)s', 'log'))]],
    ['another name', [setIn('web', 'action', standard.replace('%(banaction)s', 'noop'))]],
    ['one more', [setIn('web', 'action', `${standard}\nlog[what=x]`)]],
    ['one less', [setIn('mail', 'action', '%(action_)s')]],
    ['another order', [setIn('mail', 'action', `log[what="%(datepattern)s"]\n%(action_)s`)]],
    ['another parameter', [setIn('mail', 'action', '%(action_)s\nlog[what=x]')]],
    ['a new parameter', [setIn('web', 'action', standard.replace(']', ', name=x]'))]],
    ['a new plain parameter', [setIn('web', 'action', standard.replace(']', ', dest=root]'))]],
    ['a parameter twice', [setIn('web', 'action', standard.replace(']', ', port=22]'))]],
    ['no brackets', [setIn('web', 'action', '%(banaction)s')]],
    ['a value that nothing can tell from a parameter', [setIn('web', 'action', 'noop[port="22" x="23"]')]],
    // another file decides now, and could be removed later
    [
      'text that another file overrides',
      [file('jail.d/a.local', '[set]\naction = noop[actionban="touch x"]\n')],
    ],
    [
      'a value that an option gives later',
      [
        setIn('web', 'port', '22'),
        setIn('web', 'action', standard.replace('%(port)s', '%(logencoding)s')),
        setIn('web', 'logencoding', '$(touch x)'),
      ],
    ],
    [
      'something else beside',
      [
        setIn('web', 'action', standard.replace('%(port)s', '22')),
        setIn('mail', 'datepattern', '$(touch x)'),
      ],
    ],
  ])('an action with %s is not', async (_, edits) => {
    expect(await needsOf(edits, withSet)).toBe('all')
  })
})
