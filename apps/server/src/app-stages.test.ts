import { findGeo, upsertGeo } from '@bangui/db'
import { parseAddress } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createTestDeps } from '../test/create-test-deps.ts'
import { startGeoServer } from '../test/geo-server.ts'
import { geoStage } from './app-stages.ts'
import { openBundledFile } from './features/geo/bundled-file.ts'

/** Public addresses that the bundled file does not know. */
function findUnknown(count: number): string[] {
  const bundled = openBundledFile()
  const candidates = Array.from({ length: 65_536 }, (_, n) => `203.${n >> 8}.${n & 255}.1`)
  return candidates
    .filter((address) => parseAddress(address)?.kind === 'public' && bundled.find(address).country === null)
    .slice(0, count)
}

it('the places of the last run are remembered from the start on, and those of this one at its end', async () => {
  const [known = '', asked = ''] = findUnknown(2)
  await using server = await startGeoServer({ [asked]: 'CH' })
  await using test = await createTestDeps()
  const { database, appState, clock, log, config } = test.deps
  await appState.update((all) => ({
    ...all,
    runtimeSettings: { ...all.runtimeSettings, geoServiceEnabled: true },
  }))
  const row = { address: known, country: 'SE', asn: null, organisation: null }
  await upsertGeo(database.db, [{ ...row, lookedUpAt: clock(), lastSeen: clock() }])
  const stage = geoStage(database, appState, {
    clock,
    log,
    config: { ...config, geoServiceUrl: server.url, allowPrivateUrls: true },
  })
  const geo = await stage.start()
  // at once: nobody waits for a table when a ban comes in
  expect(geo.countryOf(known)).toBe('SE')
  await geo.lookup([asked])
  expect(await findGeo(database.db, [asked])).toEqual([])
  await stage.stop?.(geo)
  expect(await findGeo(database.db, [asked])).toMatchObject([{ country: 'CH' }])
})
