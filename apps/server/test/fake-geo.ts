import type { GeoInfo } from '@bangui/shared'
import type { Geo } from '../src/features/geo/geo.ts'

/** A geo that knows what a test says: country by address. */
export const createFakeGeo = (countries: Readonly<Record<string, string>> = {}): Geo => ({
  lookup: async (addresses) =>
    new Map(
      addresses.map((address): [string, GeoInfo] => [
        address,
        { address, country: countries[address] ?? null, asn: null, organisation: null },
      ]),
    ),
  countryOf: (address) => countries[address] ?? null,
  learn: () => undefined,
  takeLearnt: () => [],
  status: () => ({ provider: 'none', message: 'No file.', builtAt: null, hasNetworks: false }),
  warm: async () => undefined,
  flush: async () => undefined,
  cleanup: async () => 0,
  close: async () => undefined,
})
