import { describe, expect, it } from 'vitest'
import { coveredBy, ignoreKindOf, splitIgnores, whyNotIgnored } from './ignore-words.ts'

describe('a word of an ignore list', () => {
  it.each([
    ['192.0.2.1', 'address'],
    ['2001:db8::/32', 'network'],
    ['192.0.2.0/24', 'network'],
    ['home.example.com', 'name'],
    ['file:/etc/ips', 'file'],
    ['%(known/ignoreip)s', 'reference'],
    ['a$(x)', 'other'],
    ['%(x)', 'other'],
  ])('%s is: %s', (word, kind) => {
    expect(ignoreKindOf(word)).toBe(kind)
  })

  it('is separated by spaces, commas and line ends', () => {
    expect(splitIgnores('192.0.2.1, 192.0.2.2\n\t::1,')).toEqual(['192.0.2.1', '192.0.2.2', '::1'])
  })

  it.each([
    ['192.0.2.9', undefined],
    ['home.example.com', undefined],
    ['%(known/ignoreip)s', undefined],
    ['file:/etc/ips', /BANGUI_CONFIG_WRITE=all/],
    ['%(mine)s', /BANGUI_CONFIG_WRITE=all/],
    ['0.0.0.0/0', /nobody would ever be banned/],
    ['::/0', /nobody would ever be banned/],
    ['2001:db8:0:0::1', /already/],
    ['127.0.0.1/8', /already/],
    ['not an address', /Enter an address/],
    ['`id`', /Enter an address/],
  ])('%s can be added, or not: %s', (word, why) => {
    const found = whyNotIgnored(word, { words: ['2001:db8::1', '127.0.0.0/8'], mayRunAll: false })
    if (why === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(why)
  })

  it('can be a file or a reference where everything may be changed', () => {
    for (const word of ['file:/etc/ips', '%(mine)s'])
      expect(whyNotIgnored(word, { words: [], mayRunAll: true })).toBeUndefined()
  })

  it('covers the addresses of a network', () => {
    expect(coveredBy('192.0.2.0/24', ['192.0.2.7', '198.51.100.1', '::1'])).toEqual(['192.0.2.7'])
    expect(coveredBy('home.example.com', ['192.0.2.7'])).toEqual([])
  })
})
