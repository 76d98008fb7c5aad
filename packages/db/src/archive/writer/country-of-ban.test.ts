import { describe, expect, it } from 'vitest'
import { ban, log, pair, rows, seconds } from '../../testing/log-lines.ts'
import { openTempWriter } from '../../testing/temp-writer.ts'

describe('the country of a ban', () => {
  it('is that at its time, whatever is learnt of the address later', async () => {
    const { writer, sqlite, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    await writer.importBans(rows(90, { bannedAt: -82, country: 'FR' } as never))
    await writer.setCountries([{ address: pair.address, country: 'NL' }])
    expect(bans()).toMatchObject([{ confirmed: 1, at: seconds(-82), country: 'DE' }])
    const sums = sqlite.prepare(
      'select country, sum(bans) as bans from country_days where bans > 0 group by country',
    )
    expect(sums.all()).toEqual([{ country: 'DE', bans: 1 }])
  })

  it('of each ban of an address is its own', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.ingest(log(ban(0)))
    const [moved] = log(ban(1_000)).events
    if (moved) await writer.ingest({ events: [{ ...moved, country: 'FR' }], cursor: null })
    expect(bans()).toMatchObject([{ country: 'DE' }, { country: 'FR' }])
  })

  it('that nobody knew is the first that was learnt', async () => {
    const { writer, bans } = await openTempWriter()
    await writer.importBans(rows(90, { bannedAt: 0, country: null } as never))
    await writer.setCountries([{ address: pair.address, country: 'FR' }])
    await writer.setCountries([{ address: pair.address, country: 'NL' }])
    expect(bans()).toMatchObject([{ country: 'FR' }])
  })
})
