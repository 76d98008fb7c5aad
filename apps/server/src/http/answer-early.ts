/** How long a body that is not wanted is read and thrown away, in milliseconds, and how much of it, in bytes. */
const PATIENCE = 5_000
const MOST = 268_435_456

/**
 * Sends an answer before the request's body is all here. A connection that is closed while its sender still
 * writes is reset, and the answer lost; so the answer goes out at once, and what still comes is thrown away.
 */
export async function answerEarly(request: Request, response: Response): Promise<Response> {
  const content = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.set('content-length', String(content.byteLength))
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(content)
      await throwAway(request)
      controller.close()
    },
  })
  return new Response(body, { status: response.status, headers })
}

async function throwAway(request: Request): Promise<void> {
  const reader = request.body?.getReader()
  const signal = AbortSignal.timeout(PATIENCE)
  const late = new Promise<{ done: true }>((resolve) =>
    signal.addEventListener('abort', () => resolve({ done: true }), { once: true }),
  )
  try {
    for (let size = 0; size < MOST;) {
      const chunk = reader && (await Promise.race([reader.read(), late]))
      if (!chunk || chunk.done || !('value' in chunk) || !chunk.value) return
      size += chunk.value.byteLength
    }
  } catch {
    // the sender has gone: nothing is left to throw away
  }
}
