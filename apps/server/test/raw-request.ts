import { request, type IncomingHttpHeaders } from 'node:http'

export interface RawOptions {
  readonly method?: string
  readonly path?: string
  readonly headers?: Record<string, string>
  readonly body?: string | AsyncIterable<Buffer>
}

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly bytes: Buffer
  json(): {
    error?: { message: string; data: { code: string; reason: string; params?: unknown } }
    result?: { data: unknown }
  }
}

/** A request with exactly these headers: `fetch` would not let a test lie about `Host` and `Origin`. */
export async function rawRequest(port: number, options: RawOptions = {}): Promise<RawAnswer> {
  const { method = 'GET', path = '/', headers = {}, body } = options
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes,
          text,
          json: () => JSON.parse(text),
        })
      })
    })
  })
  if (body === undefined || typeof body === 'string') outgoing.end(body)
  else void pour(body, outgoing)
  return answered
}

async function pour(body: AsyncIterable<Buffer>, outgoing: ReturnType<typeof request>): Promise<void> {
  let open = true
  outgoing.on('close', () => (open = false))
  outgoing.on('response', () => (open = false))
  for await (const chunk of body) {
    if (!open) break
    if (!outgoing.write(chunk)) await new Promise((resolve) => setImmediate(resolve))
  }
  if (!outgoing.destroyed) outgoing.end()
}
