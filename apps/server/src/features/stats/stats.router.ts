import { CountryInput, RecordedInput, StatsInput, TopInput, TrendInput } from '@bangui/shared'
import { readingProcedure, router, scopeProcedure } from '../../trpc.ts'
import { findRecordedSince } from './recorded-since.ts'
import { listStates } from './states.ts'
import {
  getOverview,
  getTrend,
  listByCountry,
  listByJail,
  listByOrigin,
  listRepeatOffenders,
  listTopAddresses,
  listTopNetworks,
} from './stats.service.ts'

export const statsRouter = router({
  overview: readingProcedure
    .input(StatsInput)
    .query(({ ctx, input, signal }) => getOverview(ctx.deps, input, signal)),
  recorded: readingProcedure
    .input(RecordedInput)
    .query(({ ctx, input, signal }) => findRecordedSince(ctx.deps, input, signal)),
  states: scopeProcedure.query(({ ctx }) => listStates(ctx.deps)),
  trend: readingProcedure
    .input(TrendInput)
    .query(({ ctx, input, signal }) => getTrend(ctx.deps, input, signal)),
  byJail: readingProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listByJail(ctx.deps, input, signal)),
  byCountry: readingProcedure
    .input(CountryInput)
    .query(({ ctx, input, signal }) => listByCountry(ctx.deps, input, signal)),
  byOrigin: readingProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listByOrigin(ctx.deps, input, signal)),
  topAddresses: readingProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listTopAddresses(ctx.deps, input, signal)),
  topNetworks: readingProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listTopNetworks(ctx.deps, input, signal)),
  repeatOffenders: readingProcedure
    .input(TopInput)
    .query(({ ctx, input, signal }) => listRepeatOffenders(ctx.deps, input, signal)),
})
