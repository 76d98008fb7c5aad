import { router, rowProcedure } from '../../trpc.ts'
import { listHosts } from './hosts.service.ts'

export const hostsRouter = router({
  list: rowProcedure.query(({ ctx }) => listHosts(ctx.deps)),
})
