import { AddressInput, CountActivityInput, ListActivityInput, ListHistoryInput } from '@bangui/shared'
import * as z from 'zod'
import { readingProcedure, rowProcedure, router, scopeProcedure } from '../../trpc.ts'
import { countActivity, listActivity } from './activity.service.ts'
import { describeAddress } from './address-detail.ts'
import { listEvents, listHistory, listLines } from './history.service.ts'

const LinesInput = z.object({ id: z.int().min(1) })

const EventsInput = z
  .object({
    /** the seq of the oldest event that is there already */
    before: z.int().min(0).nullish(),
    types: z.array(z.string().max(32)).max(20).nullish(),
    jail: z.string().max(255).nullish(),
    limit: z.int().min(1).max(500).default(50),
  })
  .prefault({})

export const historyRouter = router({
  list: readingProcedure
    .input(ListHistoryInput)
    .query(({ ctx, input, signal }) => listHistory(ctx.deps, input, signal)),
  activity: readingProcedure
    .input(ListActivityInput)
    .query(({ ctx, input }) => listActivity(ctx.deps, input)),
  activityCounts: readingProcedure
    .input(CountActivityInput)
    .query(({ ctx, input }) => countActivity(ctx.deps, input)),
  address: scopeProcedure
    .input(AddressInput)
    .query(({ ctx, input, signal }) => describeAddress(ctx.deps, input.address, signal)),
  lines: rowProcedure.input(LinesInput).query(({ ctx, input }) => listLines(ctx.deps, input.id)),
  events: scopeProcedure.input(EventsInput).query(({ ctx, input }) => listEvents(ctx.deps, input)),
})
