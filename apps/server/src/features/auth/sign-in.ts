import { findUserById, isKnownSignIn, rememberSignIn, type User } from '@bangui/db'
import { parseAddress, throttleKey, type SessionUser } from '@bangui/shared'
import type { Context } from '../../context.ts'
import { AppError } from '../../lib/errors.ts'
import { findDevice, setDeviceCookie, setSessionCookie } from './auth-cookies.ts'
import { createToken, hashToken } from './session-token.ts'

/** The key under which attempts from an address count: IPv6 by its /64. */
export function addressKey(address: string): string {
  const parsed = parseAddress(address)
  return parsed ? throttleKey(parsed) : address
}

/**
 * Begins a session for a user and sets the cookies; the session that this browser had before ends. `user` is as its
 * password was checked. @throws AppError login_failed when the password was changed since
 */
export async function signIn(ctx: Context, user: User): Promise<SessionUser> {
  const { deps, request, session } = ctx
  if (session) await deps.sessions.end(session.id)
  const { remoteAddress, userAgent } = request
  const opened = await deps.sessions.open({ userId: user.id, remoteAddress, userAgent })
  // looked at when the session is there: a change of the password after this look ends it with the others
  const current = await findUserById(deps.database.db, user.id)
  if (current?.passwordHash !== user.passwordHash) {
    await deps.sessions.end(opened.id)
    throw new AppError('login_failed')
  }
  setSessionCookie(ctx, opened.token, opened.maxAgeSeconds)
  await rememberSource(ctx, user.id)
  return { name: user.name, role: user.role }
}

async function rememberSource(ctx: Context, userId: number): Promise<void> {
  const { database, clock } = ctx.deps
  const now = clock()
  const device = findDevice(ctx) ?? createToken()
  setDeviceCookie(ctx, device)
  await rememberSignIn(database.db, { userId, kind: 'device', value: deviceValue(device), now })
  if (ctx.request.sharedAddress) return
  const value = addressKey(ctx.request.remoteAddress)
  await rememberSignIn(database.db, { userId, kind: 'address', value, now })
}

/** Whether somebody signed in before from this browser or this address; a shared address vouches for nobody. */
export async function isKnownSource(ctx: Context): Promise<boolean> {
  const { database, clock } = ctx.deps
  const now = clock()
  const device = findDevice(ctx)
  if (device && (await isKnownSignIn(database.db, { kind: 'device', value: deviceValue(device), now })))
    return true
  if (ctx.request.sharedAddress) return false
  return isKnownSignIn(database.db, { kind: 'address', value: addressKey(ctx.request.remoteAddress), now })
}

const deviceValue = (device: string) => hashToken(device).toString('hex')
