import { describe, expect, it } from 'vitest'
import { makeMmdb, type MmdbMap } from '../../../test/make-mmdb.ts'
import { openBundledFile } from './bundled-file.ts'
import { asNumber, countryCode, openMmdb, organisationName } from './mmdb.ts'

const open = (record: MmdbMap) =>
  openMmdb(makeMmdb({ builtAt: 1_700_000_000_000, records: { '8.8.8.0/24': record } }))

describe('a file', () => {
  it.each([
    ['of countries by MaxMind', { country: { iso_code: 'DE' } }, { country: 'DE' }],
    [
      'of countries where a network is only registered',
      { registered_country: { iso_code: 'FR' } },
      { country: 'FR' },
    ],
    [
      'of networks by MaxMind',
      { autonomous_system_number: 15_169, autonomous_system_organization: 'GOOGLE' },
      { country: null, asn: 15_169, organisation: 'GOOGLE' },
    ],
    [
      'by IPinfo',
      { country: 'US', asn: 'AS15169', as_name: 'Google LLC' },
      { country: 'US', asn: 15_169, organisation: 'Google LLC' },
    ],
    ['by ip-location-db', { country_code: 'nl' }, { country: 'NL' }],
  ])('%s is understood', (_title, record, place) => {
    expect(open(record).find('8.8.8.8')).toMatchObject(place)
  })

  it('has the time of its build, and whether it knows networks', () => {
    expect(open({ country_code: 'NL' })).toMatchObject({ builtAt: 1_700_000_000_000, hasNetworks: false })
    expect(open({ autonomous_system_number: 1 })).toMatchObject({ hasNetworks: true })
  })

  it('that is none, or knows nothing of use, is refused', () => {
    expect(() => openMmdb(Buffer.from('<html>404</html>'))).toThrow()
    expect(() => openMmdb(Buffer.alloc(0))).toThrow()
    expect(() => open({ colour: 'red' })).toThrow('neither countries nor networks')
  })

  it('that comes with BanGUI knows countries of both families', () => {
    const bundled = openBundledFile()
    expect(bundled.find('8.8.8.8')).toEqual({ country: 'US', asn: null, organisation: null })
    expect(bundled.find('2003:c0::1').country).toBe('DE')
    expect(bundled.find('10.0.0.1').country).toBeNull()
    expect(bundled.builtAt).toBeGreaterThan(1_700_000_000_000)
  })
})

it('what is no country, number or name is not known', () => {
  expect(['', 'DEU', 'ZZ', '<b', 49, null].map(countryCode)).toEqual([null, null, null, null, null, null])
  expect(['AS', 'ASx', '15169', 0, -1, 1.5, 2 ** 32, {}].map(asNumber)).toEqual(Array(8).fill(null))
  expect(organisationName(`A\u001B[31m\u202EB\u200B${'x'.repeat(300)}`)).toMatch(/^ABx{191}$/)
  expect(['', ' \n ', 1].map(organisationName)).toEqual([null, null, null])
})
