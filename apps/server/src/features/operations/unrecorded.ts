import type { OperationHandle } from './operation.ts'

/** Returns a result with a note for the user where no record of its operation could be written. */
export function noteUnrecorded<TResult extends { note?: string | undefined }>(
  { recordError }: Pick<OperationHandle, 'recordError'>,
  result: TResult,
): TResult {
  if (recordError === undefined) return result
  return { ...result, note: `Done, but the user could not be recorded: ${recordError}` }
}
