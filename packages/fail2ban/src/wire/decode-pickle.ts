import { PickleError } from './pickle-error.ts'
import { createPickleScanner } from './pickle-scanner.ts'
import { listLimits, maxReplyBytes } from './reply-limits.ts'

/**
 * Decodes a Python pickle to plain data; bytes after its end are ignored. An object of an unknown class becomes
 * `{ $class, args, state? }`; an integer that a number cannot hold exactly becomes a bigint.
 * @throws PickleError
 */
export const decodePickle = (bytes: Uint8Array): unknown => {
  if (bytes.length > maxReplyBytes) throw new PickleError('The pickle is too large.')
  const scanner = createPickleScanner(listLimits)
  scanner.scan(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0)
  return scanner.value()
}
