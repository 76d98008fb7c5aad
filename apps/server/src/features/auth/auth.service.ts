import { findUserById, findUserByName, hasSignedIn, updateUserPassword, type User } from '@bangui/db'
import type { ChangePasswordInput, LoginInput, SessionUser } from '@bangui/shared'
import type { Context } from '../../context.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../lib/errors.ts'
import type { Caller } from '../../lib/fair-semaphore.ts'
import { clearSessionCookie } from './auth-cookies.ts'
import type { LoginAttempt } from './login-throttle.ts'
import type { Session } from './session.ts'
import { findSource, signIn } from './sign-in.ts'

/** How many characters of an unknown name are used as the key of its failures. */
const COUNTED_NAME_LENGTH = 64

type SignedIn = Context & { readonly session: Session }

export async function login(ctx: Context, input: LoginInput): Promise<{ user: SessionUser }> {
  const { deps } = ctx
  const user = await findUserByName(deps.database.db, input.username)
  const { key, known } = await findSource(ctx, user?.id ?? null)
  const attempt = { source: key, known, userId: user?.id ?? null, name: nameKey(input.username) }
  beginAttempt(ctx, attempt, input.username)
  const caller: Caller = { source: key, rank: known ? 'trusted' : 'normal' }
  const right = await withdrawIfUnchecked(deps, attempt, () =>
    deps.passwords.verify(user?.passwordHash ?? null, input.password, caller),
  )
  if (!user || !right) {
    deps.signInLog.failed({ request: ctx.request, username: input.username }, 'login failed')
    throw new AppError('login_failed')
  }
  deps.throttle.succeeded(attempt)
  // the first sign-in of a user is from a new place as well, and no news
  const isNewPlace = !known && (await hasSignedIn(deps.database.db, user.id))
  const signedIn = await signIn(ctx, user)
  deps.signInLog.succeeded({ request: ctx.request, username: user.name }, { isNewPlace })
  return { user: signedIn }
}

export async function logout(ctx: Context): Promise<void> {
  clearSessionCookie(ctx)
  if (ctx.session) await ctx.deps.sessions.end(ctx.session.id)
}

export const findSessionUser = ({ session }: Context): { user: SessionUser } | null =>
  session && { user: { name: session.userName, role: session.role } }

/** Sets a new password; every session ends, and the caller goes on with a new one. */
export async function changePassword(
  ctx: SignedIn,
  input: ChangePasswordInput,
): Promise<{ user: SessionUser }> {
  const { deps, session } = ctx
  const user = await requireUser(ctx)
  // a live session has delays of its own: no failed sign-in from elsewhere keeps its user from changing the password
  const source = `session ${session.id}`
  const attempt = { source, known: true, userId: user.id, name: nameKey(user.name) }
  beginAttempt(ctx, attempt, user.name)
  const caller: Caller = { source, rank: 'urgent' }
  const right = await withdrawIfUnchecked(deps, attempt, () =>
    deps.passwords.verify(user.passwordHash, input.current, caller),
  )
  if (!right) {
    deps.signInLog.failed({ request: ctx.request, username: user.name }, 'the current password was wrong')
    throw new AppError('password_wrong')
  }
  deps.throttle.succeeded(attempt)
  const passwordHash = await deps.passwords.hash(input.password, caller)
  await updateUserPassword(deps.database.db, user.id, { passwordHash, now: deps.clock() })
  await deps.sessions.endAll(user.id)
  deps.log.info({ event: 'password_changed', username: user.name }, 'the password was changed')
  return { user: await signIn({ ...ctx, session: null }, { ...user, passwordHash }) }
}

/** Where a user is signed in. */
export async function listOwnSessions({ deps, session }: SignedIn) {
  const sessions = await deps.sessions.list(session.userId)
  return sessions.map(({ id, createdAt, lastSeenAt, expiresAt, remoteAddress, userAgent }) => ({
    id,
    createdAt,
    lastSeenAt,
    expiresAt,
    remoteAddress,
    userAgent,
    current: id === session.id,
  }))
}

export async function endOwnSession(ctx: SignedIn, id: string): Promise<void> {
  const own = await ctx.deps.sessions.list(ctx.session.userId)
  if (!own.some((session) => session.id === id)) throw new AppError('not_found')
  if (id === ctx.session.id) clearSessionCookie(ctx)
  await ctx.deps.sessions.end(id)
}

export const endOtherSessions = async ({ deps, session }: SignedIn): Promise<{ ended: number }> => ({
  ended: await deps.sessions.endAll(session.userId, session.id),
})

/** A name as names are compared, for counting attempts at accounts that do not exist. */
const nameKey = (username: string) =>
  username.normalize('NFKC').trim().toLowerCase().slice(0, COUNTED_NAME_LENGTH)

/** Runs the check of a password; where it could not be made, such as in a flood, the attempt does not count. */
async function withdrawIfUnchecked(
  { throttle }: Pick<Deps, 'throttle'>,
  attempt: LoginAttempt,
  check: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await check()
  } catch (error) {
    throttle.withdrawn(attempt)
    throw error
  }
}

function beginAttempt({ deps, request }: Context, attempt: LoginAttempt, username: string): void {
  const seconds = deps.throttle.begin(attempt)
  if (seconds === 0) return
  deps.signInLog.throttled({ request, username }, seconds)
  throw new AppError('login_throttled', { seconds })
}

async function requireUser({ deps, session }: SignedIn): Promise<User> {
  const user = await findUserById(deps.database.db, session.userId)
  if (!user) throw new AppError('no_session')
  return user
}
