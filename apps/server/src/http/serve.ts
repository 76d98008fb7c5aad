import { createServer, type Server } from 'node:http'
import { isIPv6, type AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { AppError } from '../lib/errors.ts'
import { createProxyCheck } from './client-address.ts'
import type { Connections } from './connections.ts'
import { errorResponse } from './http-error.ts'
import { defaultLimits, limitConnections, type ConnectionLimits } from './limit-connections.ts'
import { securityHeaders } from './security-headers.ts'

export interface ServeOptions {
  readonly fetch: (request: Request, env: object) => Response | Promise<Response>
  readonly host: string
  /** 0 takes a free one */
  readonly port: number
  readonly basePath: string
  readonly publicUrl: string | null
  /** addresses and networks of the proxies that are trusted */
  readonly trustProxy: readonly string[]
  /** @default {@link defaultLimits} */
  readonly limits?: ConnectionLimits
  readonly connections?: Pick<Connections, 'follow'>
  /** called for connections that could not be accepted, such as for want of file descriptors */
  readonly onError?: (error: Error) => void
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number
  /** where it can be reached from this machine, with the base path */
  readonly url: string
  /** Stops accepting and lets requests end; after `deadline` milliseconds every connection is cut. End the streams first. */
  stop(deadline: number): Promise<void>
}

/** The server cannot listen; the message names the setting and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  /** another attempt may succeed */
  readonly mayPass: boolean

  constructor(cause: NodeJS.ErrnoException, { host, port }: Pick<ServeOptions, 'host' | 'port'>) {
    super(listenSentence(cause, host, port), { cause })
    this.mayPass = !['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(cause.code ?? '')
  }
}

/** Advice for a process that has as many files open as it may. */
export const NO_FILES_LEFT =
  'this process has reached its limit of open files. Raise the limit: `ulimit -n 4096` in the shell that starts BanGUI, or LimitNOFILE=4096 in its systemd unit.'

/** Listens. @throws ListenError */
export async function serve(options: ServeOptions): Promise<HttpServer> {
  const server = createServer(
    {
      // until all of a request is here; an answer, such as a live stream, may take for ever
      requestTimeout: 60_000,
      headersTimeout: 20_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
    },
    listenerOf(options),
  )
  const { limits = defaultLimits, trustProxy, onError } = options
  limitConnections(server, {
    limits,
    isTrustedProxy: createProxyCheck(trustProxy),
    onRefused: (error) => onError?.(error),
  })
  options.connections?.follow(server)
  await listen(server, options)
  // without a listener, one connection that cannot be accepted would end the process
  server.on('error', (error) => onError?.(error))
  const { port } = server.address() as AddressInfo
  return { port, url: urlOf(options, port), stop: (deadline) => stop(server, deadline) }
}

function listenerOf({ fetch, publicUrl }: ServeOptions) {
  const listener = getRequestListener(fetch, {
    overrideGlobalObjects: false,
    // a request that is no valid one reaches no handler
    errorHandler: () => {
      const response = errorResponse(new AppError('request_malformed'))
      for (const [name, value] of Object.entries(securityHeaders(publicUrl)))
        response.headers.set(name, value)
      return response
    },
  })
  return listener
}

function listen(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(new ListenError(error, { host, port }))
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function listenSentence({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program. Stop it, or set BANGUI_PORT to a free port.`
  }
  if (code === 'EACCES') {
    return `This user may not listen on port ${port}. Set BANGUI_PORT to a port from 1024 on, or let a proxy listen there.`
  }
  if (code === 'EAI_AGAIN') {
    return `The host name ${host} cannot be looked up just now. Set BANGUI_HOST to an address, such as 127.0.0.1 or 0.0.0.0.`
  }
  if (code === 'EMFILE' || code === 'ENFILE') return `No more connections can be taken: ${NO_FILES_LEFT}`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `This machine has no address ${host}. Set BANGUI_HOST to an address of this machine, such as 127.0.0.1 or 0.0.0.0.`
  }
  return `Listening on ${host}, port ${port}, failed: ${message}. Check BANGUI_HOST and BANGUI_PORT.`
}

function urlOf({ host, basePath }: ServeOptions, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}${basePath}`
}

function stop(server: Server, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), deadline)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
