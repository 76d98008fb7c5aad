import { ChangePasswordInput, LoginInput } from '@bangui/shared'
import * as z from 'zod'
import { accountProcedure, procedure, publicProcedure, router } from '../../trpc.ts'
import {
  changePassword,
  endOtherSessions,
  endOwnSession,
  findSessionUser,
  listOwnSessions,
  login,
  logout,
} from './auth.service.ts'

const SessionInput = z.object({ id: z.string().max(32) })

export const authRouter = router({
  login: publicProcedure
    .meta({ effect: 'account' })
    .input(LoginInput)
    .mutation(({ ctx, input }) => login(ctx, input)),
  logout: accountProcedure.mutation(({ ctx }) => logout(ctx)),
  session: publicProcedure.query(({ ctx }) => findSessionUser(ctx)),
  changePassword: accountProcedure
    .input(ChangePasswordInput)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  sessions: procedure('account.write').query(({ ctx }) => listOwnSessions(ctx)),
  endSession: accountProcedure.input(SessionInput).mutation(({ ctx, input }) => endOwnSession(ctx, input.id)),
  endOtherSessions: accountProcedure.mutation(({ ctx }) => endOtherSessions(ctx)),
})
