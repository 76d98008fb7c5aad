import { createHttpApp } from '../src/http/create-http-app.ts'
import { serve } from '../src/http/serve.ts'
import { appRouter } from '../src/router.ts'
import { createTestDeps } from './create-test-deps.ts'
import { rawRequest, type RawOptions } from './raw-request.ts'

export interface TestAppOptions {
  readonly env?: Record<string, string>
  readonly webDir?: string
}

/** The whole application over real HTTP on a free port, with a fake host. */
export async function serveTestApp({ env = {}, webDir = '/nowhere' }: TestAppOptions = {}) {
  const test = await createTestDeps(env)
  const { config } = test.deps
  const { fetch } = createHttpApp(test.deps, { router: appRouter, webDir })
  const { host, basePath, publicUrl, trustProxy } = config
  const { connections } = test.deps
  const server = await serve({ fetch, host, port: 0, basePath, publicUrl, trustProxy, connections })
  const origin = new URL(server.url).origin
  return {
    ...test,
    server,
    origin,
    request: (options: RawOptions = {}) => rawRequest(server.port, options),
    /** a mutation as our own page sends it */
    post: (procedure: string, input: unknown, headers: Record<string, string> = {}) =>
      rawRequest(server.port, {
        method: 'POST',
        path: `${basePath}trpc/${procedure}`,
        headers: { 'content-type': 'application/json', origin, ...headers },
        body: JSON.stringify(input ?? {}),
      }),
    async [Symbol.asyncDispose]() {
      test.deps.streams.endAll()
      await server.stop(200)
      await test[Symbol.asyncDispose]()
    },
  }
}
