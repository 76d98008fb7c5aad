import { findUserById, isKnownSignIn, rememberSignIn, type SignIn, type User } from '@bangui/db'
import { parseAddress, throttleKey, type SessionUser } from '@bangui/shared'
import type { Context } from '../../context.ts'
import type { RequestInfo } from '../../http/request-info.ts'
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
  // checked after the session exists: a later change of the password ends this session with the others
  const current = await findUserById(deps.database.db, user.id)
  if (current?.passwordHash !== user.passwordHash) {
    await deps.sessions.end(opened.id)
    throw new AppError('login_failed')
  }
  setSessionCookie(ctx, opened.token, opened.maxAgeSeconds)
  await rememberSource(ctx, user.id)
  return { name: user.name, role: user.role }
}

/** Where an attempt to sign in comes from. */
export interface SignInSource {
  /** what failures are counted under */
  readonly key: string
  /** the user signed in from there before */
  readonly known: boolean
}

/**
 * Returns the source of a sign-in attempt: the device, or else the address, that this user signed in from before; otherwise
 * the address. `userId` is null where nobody has the given name.
 */
export async function findSource(ctx: Context, userId: number | null): Promise<SignInSource> {
  // the same queries are made for a name that nobody has
  const user = userId ?? NOBODY
  const device = await findOwnDevice(ctx, user)
  if (device !== undefined) return { key: `device ${deviceValue(device)}`, known: true }
  const key = addressKey(ctx.request.remoteAddress)
  return {
    key,
    known: canBeKnown(ctx.request) && (await isKnown(ctx, user, { kind: 'address', value: key })),
  }
}

/** No user has this id. */
const NOBODY = 0

async function rememberSource(ctx: Context, userId: number): Promise<void> {
  const { database, clock } = ctx.deps
  const now = clock()
  // what a browser sends is kept only if it was made for this user
  const device = (await findOwnDevice(ctx, userId)) ?? createToken()
  setDeviceCookie(ctx, device)
  await rememberSignIn(database.db, { userId, kind: 'device', value: deviceValue(device), now })
  if (!canBeKnown(ctx.request)) return
  const value = addressKey(ctx.request.remoteAddress)
  await rememberSignIn(database.db, { userId, kind: 'address', value, now })
}

/** The mark of this browser, if the user got it at an earlier sign-in. */
async function findOwnDevice(ctx: Context, userId: number): Promise<string | undefined> {
  const device = findDevice(ctx)
  if (device === undefined) return undefined
  return (await isKnown(ctx, userId, { kind: 'device', value: deviceValue(device) })) ? device : undefined
}

const isKnown = (
  { deps }: Context,
  userId: number,
  source: Pick<SignIn, 'kind' | 'value'>,
): Promise<boolean> => isKnownSignIn(deps.database.db, { ...source, userId, now: deps.clock() })

/** Returns whether an address can identify a visitor: anybody may come from a shared, loopback or undetermined address. */
function canBeKnown({ remoteAddress, sharedAddress }: RequestInfo): boolean {
  const address = parseAddress(remoteAddress)
  return address !== undefined && address.kind !== 'loopback' && !sharedAddress
}

const deviceValue = (device: string) => hashToken(device).toString('hex')
