import type { CompleteSetupInput, LoginInput, SessionUser } from '@bangui/shared'
import type { api } from '../api/client.ts'

/** The requests of the sign-in and setup pages. */
export type AccountClient = {
  /** the signed-in user, or null */
  session: () => Promise<SessionUser | null>
  setupComplete: () => Promise<boolean>
  login: (input: LoginInput) => Promise<unknown>
  logout: () => Promise<unknown>
  completeSetup: (input: CompleteSetupInput) => Promise<unknown>
}

/** The account part of the API. */
export const createAccountClient = (client: typeof api): AccountClient => ({
  session: async () => (await client.auth.session.query())?.user ?? null,
  setupComplete: async () => (await client.setup.status.query()).complete,
  login: (input) => client.auth.login.mutate(input),
  logout: () => client.auth.logout.mutate(),
  completeSetup: (input) => client.setup.complete.mutate(input),
})
