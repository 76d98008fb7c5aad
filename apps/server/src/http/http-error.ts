import { errors } from '@bangui/shared'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { AppError } from '../lib/errors.ts'

/** Returns the response for an error outside of tRPC, in the shape of tRPC's errors. */
export function errorResponse(error: AppError): Response {
  const code = errors[error.code][0]
  const data = { code, reason: error.code, params: error.params }
  const status = getHTTPStatusCodeFromError(new TRPCError({ code }))
  return Response.json(
    { error: { message: error.message, data } },
    { status, headers: { 'cache-control': 'no-store' } },
  )
}
