import { TRPCClientError } from '@trpc/client'

type Extra = { fieldErrors?: Record<string, string[]>; params?: Record<string, string | number> }

/** An error as the server words it, for tests. */
export const refusal = (reason: string, message: string, extra: Extra = {}) =>
  TRPCClientError.from({
    error: { message, code: -32600, data: { code: 'BAD_REQUEST', reason, ...extra } },
  } as never)
