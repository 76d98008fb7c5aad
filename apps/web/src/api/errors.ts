import { type ErrorCode, type ErrorParams, showHidden } from '@bangui/shared'
import { TRPCClientError } from '@trpc/client'
import { CancelledError } from './countings.ts'

/** An error, for people and for programs. */
export type Problem = {
  /** the server's stable error code, `unreachable` if there was no reply, or `unknown` */
  reason: ErrorCode | 'unreachable' | 'unknown'
  /** a sentence that says what happened and what to do */
  message: string
  /** sentences by the name of the field that they are about */
  fieldErrors?: Readonly<Record<string, readonly string[]>>
  params?: ErrorParams
}

const unreachable: Problem = {
  reason: 'unreachable',
  message:
    'BanGUI does not answer. Check that it is running and that this device is connected. The page keeps trying.',
}

const unknown: Problem = {
  reason: 'unknown',
  message:
    'Something went wrong on this page. Reload it. If it happens again, the browser’s console has the details.',
}

/** Describes an error; the only place that knows the format of the server's errors. */
export function describeError(error: unknown): Problem {
  if (error instanceof CancelledError) return { reason: 'operation_cancelled', message: error.message }
  if (!(error instanceof TRPCClientError)) return unknown
  const data: unknown = error.data ?? dataInside(error.meta)
  if (!isRecord(data) || typeof data['reason'] !== 'string')
    return error.shape ? { ...unknown, message: error.message } : unreachable
  return {
    reason: data['reason'] as ErrorCode,
    message: showHidden(messageOf(error)),
    ...(isRecord(data['fieldErrors']) && { fieldErrors: data['fieldErrors'] as Record<string, string[]> }),
    ...(isRecord(data['params']) && { params: data['params'] as ErrorParams }),
  }
}

// checks before tRPC (host and origin) return one error for the whole batch
function dataInside(meta: Record<string, unknown> | undefined): unknown {
  const answer = meta?.['responseJSON']
  return isRecord(answer) && isRecord(answer['error']) ? answer['error']['data'] : undefined
}

function messageOf(error: TRPCClientError<never>): string {
  const answer: unknown = error.meta?.['responseJSON']
  const inside = isRecord(answer) && isRecord(answer['error']) ? answer['error']['message'] : undefined
  return typeof inside === 'string' ? inside : error.message
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
