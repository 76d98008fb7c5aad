import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openMmdb, type Mmdb } from './mmdb.ts'

const require = createRequire(import.meta.url)

/** The public-domain database of countries that comes with BanGUI. @throws when the installation lacks it */
export function openBundledFile(): Mmdb {
  const path = require.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb')
  return openMmdb(readFileSync(path))
}
