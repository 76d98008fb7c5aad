// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createSeriesColours } from './series-colours.ts'

const of = (...names: string[]) => names.map((name) => ({ name, points: [1] }))
const coloursOf = (colour: ReturnType<typeof createSeriesColours>, ...names: string[]) =>
  Object.fromEntries(colour(of(...names)).map(({ name, colour: number }) => [name, number]))

const jails = ['sshd', 'nginx', 'postfix', 'dovecot', 'recidive', 'gitea', 'vsftpd']

const usual = ['sshd', 'recidive', 'nginx-http-auth', 'postfix', 'dovecot', 'postfix-sasl', 'apache-auth']

describe('the colour of a series', () => {
  it('stays with its name, whatever the order and the other series', () => {
    const colour = createSeriesColours()
    const few = coloursOf(colour, 'dovecot', 'sshd')
    const all = coloursOf(colour, ...jails)
    expect(all).toMatchObject(few)
    expect(coloursOf(colour, ...jails.toReversed())).toEqual(all)
    expect(coloursOf(colour, 'vsftpd', 'nginx')).toEqual({ vsftpd: all['vsftpd'], nginx: all['nginx'] })
  })

  it('does not clash later if the series were first shown one by one', () => {
    const colour = createSeriesColours()
    const single = Object.assign({}, ...jails.map((jail) => coloursOf(colour, jail)))
    expect(coloursOf(colour, ...jails)).toEqual(single)
  })

  it('is the same for the same jails on another day', () => {
    expect(coloursOf(createSeriesColours(), ...jails)).toEqual(coloursOf(createSeriesColours(), ...jails))
  })

  it.each(usual)('is the own colour of a common jail, whatever the other series: %s', (jail) => {
    const alone = coloursOf(createSeriesColours(), jail)
    expect(coloursOf(createSeriesColours(), ...usual)).toMatchObject(alone)
  })

  it('is the own one for the largest series, which come first', () => {
    const own = coloursOf(createSeriesColours(), 'sshd')
    const many = Array.from({ length: 6 }, (_, index) => `a-jail-${index}`)
    expect(coloursOf(createSeriesColours(), 'sshd', ...many)).toMatchObject(own)
  })

  it('differs from all other shown ones, and from the colour of the rest', () => {
    const colour = createSeriesColours()
    const names = Array.from({ length: 40 }, (_, index) => `jail-${(index * 17) % 40}`)
    for (let step = 0; step < 400; step += 1) {
      const view = names.filter((_, index) => (index * step + index) % 40 < 7).slice(0, 7)
      const numbers = colour(of(...view)).map(({ colour: number }) => number)
      expect(new Set(numbers).size).toBe(view.length)
      expect(numbers.every((number) => number >= 1 && number <= 7)).toBe(true)
    }
  })

  it('distinguishes the rest from a jail with its name', () => {
    const colour = createSeriesColours()
    const [jail, rest] = colour([
      { name: 'Others', points: [1] },
      { name: 'Others', points: [2], isRest: true },
    ])
    expect(rest?.colour).toBe(8)
    expect(jail?.colour).not.toBe(8)
  })
})
