import { AppError } from '../lib/errors.ts'

/** The longest body of a request with lists of addresses or texts of files, in bytes. */
export const MAX_LIST_BODY_BYTES = 4_194_304

/** The longest body of any other request with a session, in bytes. */
export const MAX_BODY_BYTES = 65_536

/** The longest body of a request without a session, in bytes: thousands of connections may each hold as much in memory. */
export const MAX_STRANGER_BODY_BYTES = 32_768

/** Reads a request's body, at most `limit` bytes. @throws AppError too_large, before reading where the length is declared */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const told = Number(request.headers.get('content-length') ?? 0)
  if (told > limit) throw new AppError('too_large', { limit })
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true }
    if (done || !value) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > limit) {
      reader?.releaseLock()
      throw new AppError('too_large', { limit })
    }
    chunks.push(value)
  }
}
