import type { Context } from '../../context.ts'
import { cookieName, serializeCookie } from '../../http/cookies.ts'
import { isToken } from './session-token.ts'

export const SESSION_COOKIE = 'bangui_session'
const DEVICE_COOKIE = 'bangui_device'
const YEAR_SECONDS = 31_536_000

type Request = Pick<Context, 'deps' | 'headers' | 'request'>

export const setSessionCookie = (ctx: Request, value: string, maxAgeSeconds: number): void =>
  setCookie(ctx, SESSION_COOKIE, { value, maxAgeSeconds })

export const clearSessionCookie = (ctx: Request): void =>
  setCookie(ctx, SESSION_COOKIE, { value: '', maxAgeSeconds: 0 })

/** Marks a browser that the user has signed in from, so that attempts from elsewhere do not slow it down. */
export const setDeviceCookie = (ctx: Request, value: string): void =>
  setCookie(ctx, DEVICE_COOKIE, { value, maxAgeSeconds: YEAR_SECONDS })

/** Returns the mark that this browser sent, wherever it comes from; undefined when it has none. */
export function findDevice({ deps, request }: Request): string | undefined {
  const device = request.cookies[cookieName(deps.config, DEVICE_COOKIE)]
  return device !== undefined && isToken(device) ? device : undefined
}

function setCookie(
  { deps, headers, request }: Request,
  name: string,
  cookie: { readonly value: string; readonly maxAgeSeconds: number },
): void {
  headers.append('set-cookie', serializeCookie(deps.config, name, { ...cookie, secure: request.secure }))
}
