import { describe, expect, it } from 'vitest'
import { formatReference, parseReference, splitReferences } from './reference.ts'

const reference = (parameters: Record<string, string>, name = 'iptables') => ({
  name,
  parameters: new Map(Object.entries(parameters)),
})

describe('the text of a reference', () => {
  it.each([
    ['has no brackets without parameters', reference({}), 'iptables'],
    ['has plain values as they are', reference({ mode: 'aggressive' }, 'sshd'), 'sshd[mode=aggressive]'],
    [
      'quotes values with commas and references to options',
      reference({ port: 'http,https', chain: '%(chain)s' }),
      'iptables[port="http,https", chain="%(chain)s"]',
    ],
    ['uses the other quotes for a value with quotes', reference({ x: 'say "hi"' }), `iptables[x='say "hi"']`],
    ['writes an empty value', reference({ x: '' }), 'iptables[x=""]'],
    [
      'keeps conditions of parameters',
      reference({ 'name?family=inet6': 'six' }),
      'iptables[name?family=inet6=six]',
    ],
    ['has the name as an option gives it', reference({ a: '1' }, '%(banaction)s'), '%(banaction)s[a=1]'],
  ])('%s', (_, from, text) => {
    expect(formatReference(from)).toBe(text)
    expect(parseReference(text)).toEqual(from)
    expect(splitReferences(`first[x=1]\n${text}\nlast`)).toEqual(['first[x=1]', text, 'last'])
  })

  it.each([
    ['both kinds of quotes', `"'`],
    ['two lines', 'a\nb'],
    ['spaces around', ' a'],
  ])('cannot have a value with %s', (_, value) => {
    expect(formatReference(reference({ value }))).toBeUndefined()
  })
})
