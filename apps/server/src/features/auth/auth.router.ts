import { ChangePasswordInput, LoginInput } from '@bangui/shared'
import * as z from 'zod'
import { publicProcedure, router, viewerProcedure } from '../../trpc.ts'
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
  login: publicProcedure.input(LoginInput).mutation(({ ctx, input }) => login(ctx, input)),
  logout: viewerProcedure.mutation(({ ctx }) => logout(ctx)),
  session: publicProcedure.query(({ ctx }) => findSessionUser(ctx)),
  changePassword: viewerProcedure
    .input(ChangePasswordInput)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  sessions: viewerProcedure.query(({ ctx }) => listOwnSessions(ctx)),
  endSession: viewerProcedure.input(SessionInput).mutation(({ ctx, input }) => endOwnSession(ctx, input.id)),
  endOtherSessions: viewerProcedure.mutation(({ ctx }) => endOtherSessions(ctx)),
})
