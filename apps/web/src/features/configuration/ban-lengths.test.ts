import { describe, expect, it } from 'vitest'
import { banLengths } from './ban-lengths.ts'

const usual = {
  bantime: '10m',
  factor: '1',
  formula: 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor',
  multipliers: '',
  maxtime: '',
}

describe('the lengths of growing bans', () => {
  it.each([
    ['double by default', usual, [600, 1200, 2400, 4800]],
    ['end at the longest ban', { ...usual, maxtime: '30m' }, [600, 1200, 1800, 1800]],
    [
      'have the factor, and are never shorter than the ban time',
      { ...usual, factor: '0.1' },
      [600, 600, 600, 600],
    ],
    [
      'follow multipliers, the last one for all others',
      { ...usual, multipliers: '1 5 30' },
      [600, 3000, 18_000, 18_000],
    ],
    [
      'grow by the linear formula',
      { ...usual, formula: 'ban.Time * (ban.Count+1) * banFactor' },
      [600, 1200, 1800, 2400],
    ],
  ])('%s', (_, options, wanted) => {
    expect(banLengths(options, 4)).toEqual(wanted)
  })

  it('are not known for other Python, or for what is no duration', () => {
    expect(banLengths({ ...usual, formula: 'ban.Time * 3' }, 4)).toBeUndefined()
    expect(banLengths({ ...usual, bantime: '-1' }, 4)).toBeUndefined()
    expect(banLengths({ ...usual, bantime: 'soon' }, 4)).toBeUndefined()
    expect(banLengths({ ...usual, multipliers: '1 x' }, 4)).toBeUndefined()
  })

  it('grow exponentially by the formula with exp', () => {
    const formula = 'ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)'
    const found = banLengths({ ...usual, formula }, 3)
    expect(found?.map(Math.round)).toEqual([600, 1631, 4433])
  })
})
