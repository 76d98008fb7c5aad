import { describe, expect, it } from 'vitest'
import { parseIgnorable } from './ignorable.ts'

describe('what can be on the allow list', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9/24', '203.0.113.0/24'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('has the address %s as %s', (text, canonical) => {
    expect(parseIgnorable(text)).toMatchObject({ text: canonical, address: { text: canonical } })
  })

  it.each([
    ['home.example.org', 'home.example.org'],
    ['Home.Example.ORG.', 'home.example.org'],
    ['localhost', 'localhost'],
    ['a_b.example', 'a_b.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('has the host name %s as %s', (text, canonical) => {
    expect(parseIgnorable(text)).toEqual({ text: canonical, address: null })
  })

  it.each([
    '',
    '1.2.3.256',
    '1.2.3',
    '1.2.3.4/33',
    'file:/etc/hosts',
    '%(known/ignoreip)s',
    'a b',
    'a,b',
    '-a.example',
    'a..example',
    'bücher.example',
    `${'a'.repeat(64)}.example`,
    'x;y',
    'fe80::1%eth0',
  ])('has nothing like %j', (text) => expect(parseIgnorable(text)).toBeUndefined())
})
