import type { EffectiveSetting } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { knownParameters, readReference, withParameter } from './reference-parameters.ts'

const setting = (key: string, value: string, more: Partial<EffectiveSetting> = {}): EffectiveSetting => ({
  key,
  section: 'filter.d/sshd',
  value,
  raw: value,
  file: null,
  line: null,
  isDefault: false,
  inForce: null,
  overrides: [],
  ...more,
})

describe('the parameters', () => {
  it('of a filter are its names with plain values, the mode first', () => {
    const settings = [
      setting('failregex', 'x'),
      setting('_daemon', 'sshd'),
      setting('mdre-normal', 'x'),
      setting('cmnfailre', '^Failed <HOST>$'),
      setting('publickey', 'nofail'),
      setting('mode', 'normal'),
    ]
    expect(knownParameters(settings, 'filter', new Set(['failregex']))).toEqual([
      { key: 'mode', fallback: 'normal' },
      { key: 'publickey', fallback: 'nofail' },
    ])
  })

  it('of an action are its variables of one line, as they are written', () => {
    const settings = [
      setting('actionban', 'iptables -I <chain>'),
      setting('blocktype', 'REJECT --reject-with x'),
      setting('chain', 'INPUT', { raw: '<known/chain>' }),
      setting('script', 'a\nb'),
      setting('secret', '', { hidden: true }),
    ]
    expect(knownParameters(settings, 'action', new Set(['actionban']))).toEqual([
      { key: 'chain', fallback: '<known/chain>' },
      { key: 'blocktype', fallback: 'REJECT --reject-with x' },
    ])
  })

  it('are set and removed one by one, and the others stay', () => {
    const reference = readReference('%(banaction)s[port="%(port)s", chain="x y"]')!
    expect(withParameter(reference, 'port', '22,23')).toBe('%(banaction)s[port="22,23", chain="x y"]')
    expect(withParameter(reference, 'chain', undefined)).toBe('%(banaction)s[port="%(port)s"]')
    expect(withParameter(reference, 'name', 'web')).toBe(
      '%(banaction)s[port="%(port)s", chain="x y", name=web]',
    )
    expect(withParameter(reference, 'name', `'"`)).toBeUndefined()
  })

  it('cannot be read from a text that fail2ban refuses', () => {
    expect(readReference('sshd[mode')).toBeUndefined()
  })
})
