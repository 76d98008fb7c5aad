import { expect, it } from 'vitest'
import { startState, tokenizeLine } from './tokenize-ini.ts'

/** The parts of each line, as kind and text. */
function partsOf(text: string): string[][] {
  let state = startState
  return text.split('\n').map((line) => {
    const { tokens, next } = tokenizeLine(line, state)
    state = next
    return tokens.map(({ from, to, kind }) => `${kind} ${line.slice(from, to)}`)
  })
}

it('knows sections, names, comments, and what is no setting', () => {
  expect(partsOf('# a\n[sshd] ; b\nport = ssh ; c\n\nwithout a sign\n  ; d')).toEqual([
    ['comment # a'],
    ['section [sshd]', 'comment ; b'],
    ['key port', 'sign =', 'comment ; c'],
    [],
    ['mistake without a sign'],
    ['comment ; d'],
  ])
})

it('goes on with a value in indented lines', () => {
  expect(partsOf('[a]\nlogpath = /x\n  [b] = %(y)s\n[c]')).toEqual([
    ['section [a]'],
    ['key logpath', 'sign ='],
    ['reference %(y)s'],
    ['section [c]'],
  ])
})

it('shows tags, references and the parts of an expression', () => {
  expect(partsOf('failregex = ^%(prefix)s <HOST> \\[\\d+\\](?:a|b)$\n  <F-USER>\\S*</F-USER>')).toEqual([
    [
      'key failregex',
      'sign =',
      'group ^',
      'reference %(prefix)s',
      'tag <HOST>',
      'escape \\[',
      'escape \\d',
      'group +',
      'escape \\]',
      'group (?:',
      'group |',
      'group )',
      'group $',
    ],
    ['tag <F-USER>', 'escape \\S', 'group *', 'tag </F-USER>'],
  ])
  expect(partsOf('actionban = nft add (x) <ip>')).toEqual([['key actionban', 'sign =', 'tag <ip>']])
})

it('leaves the rest of a very long value as it is', () => {
  const line = `failregex = ${'('.repeat(20_000)}`
  expect(tokenizeLine(line, startState).tokens.at(-1)?.to).toBeLessThan(6_000)
})
