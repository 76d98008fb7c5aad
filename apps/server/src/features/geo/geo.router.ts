import { GeoLookupInput } from '@bangui/shared'
import { procedure, router } from '../../trpc.ts'

export const geoRouter = router({
  lookup: procedure('host.read')
    .input(GeoLookupInput)
    .query(async ({ ctx, input, signal }) => [
      ...(await ctx.deps.geo.lookup(input.addresses, signal)).values(),
    ]),
  status: procedure('host.read').query(({ ctx }) => ctx.deps.geo.status()),
})
