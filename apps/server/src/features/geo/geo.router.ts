import { GeoLookupInput } from '@bangui/shared'
import { router, viewerProcedure } from '../../trpc.ts'

export const geoRouter = router({
  lookup: viewerProcedure
    .input(GeoLookupInput)
    .query(async ({ ctx, input, signal }) => [
      ...(await ctx.deps.geo.lookup(input.addresses, signal)).values(),
    ]),
  status: viewerProcedure.query(({ ctx }) => ctx.deps.geo.status()),
})
