import { CountryInput, StatsInput, TopInput, TrendInput } from '@bangui/shared'
import { router, viewerProcedure } from '../../trpc.ts'
import {
  getOverview,
  getTrend,
  listByCountry,
  listByJail,
  listRepeatOffenders,
  listTopAddresses,
  listTopNetworks,
} from './stats.service.ts'

export const statsRouter = router({
  overview: viewerProcedure
    .input(StatsInput)
    .query(({ ctx, input, signal }) => getOverview(ctx.deps, input, signal)),
  trend: viewerProcedure
    .input(TrendInput)
    .query(({ ctx, input, signal }) => getTrend(ctx.deps, input, signal)),
  byJail: viewerProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listByJail(ctx.deps, input, signal)),
  byCountry: viewerProcedure
    .input(CountryInput)
    .query(({ ctx, input, signal }) => listByCountry(ctx.deps, input, signal)),
  topAddresses: viewerProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listTopAddresses(ctx.deps, input, signal)),
  topNetworks: viewerProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listTopNetworks(ctx.deps, input, signal)),
  repeatOffenders: viewerProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listRepeatOffenders(ctx.deps, input, signal)),
})
