import { untilAborted } from '@bangui/async'

/** How long an unwanted body is read and discarded, and how much of it. */
const DISCARD_TIMEOUT_MS = 5_000
const MAX_DISCARDED_BYTES = 268_435_456

/**
 * Returns a response that is sent before the whole body of the request has arrived. Closing a connection while the
 * sender still writes resets it and loses the response: so the response is sent at once, and the rest of the body is
 * read and discarded.
 */
export async function answerEarly(request: Request, response: Response): Promise<Response> {
  const content = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.set('content-length', String(content.byteLength))
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(content)
      await discardBody(request)
      controller.close()
    },
  })
  return new Response(body, { status: response.status, headers })
}

async function discardBody(request: Request): Promise<void> {
  const reader = request.body?.getReader()
  const signal = AbortSignal.timeout(DISCARD_TIMEOUT_MS)
  try {
    for (let size = 0; size < MAX_DISCARDED_BYTES;) {
      const chunk = reader && (await untilAborted(reader.read(), signal))
      if (!chunk?.value) return
      size += chunk.value.byteLength
    }
  } catch {
    // the sender has gone, or sends for too long
  }
}
