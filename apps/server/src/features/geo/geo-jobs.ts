import type { Deps } from '../../deps.ts'
import type { JobDefinition } from '../../jobs/scheduler.ts'

/** The jobs that keep the cache of places: written every minute, with bans that lacked theirs; cleaned once a day. */
export function geoJobs(deps: Pick<Deps, 'geo' | 'archive' | 'log'>): JobDefinition[] {
  return [flush(deps), cleanup(deps)]
}

const flush = ({ geo, archive }: Pick<Deps, 'geo' | 'archive'>): JobDefinition => ({
  name: 'geo_cache_flush',
  everySeconds: 60,
  deadline: 20_000,
  run: async (signal) => {
    const learnt = geo.takeLearnt()
    if (learnt.length > 0) await archive.setCountries(learnt)
    await geo.flush(signal)
  },
})

const cleanup = ({ geo, log }: Pick<Deps, 'geo' | 'log'>): JobDefinition => ({
  name: 'geo_cache_cleanup',
  everySeconds: 86_400,
  nightly: { cron: '41 3 * * *', catchUpSeconds: 1_260 },
  deadline: 60_000,
  run: async () => {
    const deleted = await geo.cleanup()
    log[deleted > 0 ? 'info' : 'debug'](
      { event: 'geo_cache_cleanup', deleted },
      'places that nobody has looked up for a long time were deleted',
    )
  },
})
