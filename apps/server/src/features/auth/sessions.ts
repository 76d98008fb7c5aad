import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOfUser,
  findSessionByTokenHash,
  insertSession,
  listSessions,
  touchSession,
  type Database,
  type Session as SessionRow,
} from '@bangui/db'
import { DAY_MS, MINUTE_MS, type RuntimeSettings } from '@bangui/shared'
import type { Logger } from '../../lib/logger.ts'
import type { AppState } from '../../state/app-state.ts'
import type { Store } from '../../state/state-store.ts'
import type { StreamRegistry } from '../live/stream-registry.ts'
import { createMemorySessionCache, createNoSessionCache, type SessionCache } from './session-cache.ts'
import type { Session } from './session.ts'
import { createToken, hashToken, isToken } from './session-token.ts'

export interface OpenSession {
  readonly userId: number
  readonly remoteAddress: string | null
  readonly userAgent: string | null
}

/** The sessions of signed-in users. An ended session is invalid for the very next request, and its streams end. */
export interface Sessions {
  /** Returns the session of a token; null: there is none, or it has expired. Only reads. */
  authenticate(token: string): Promise<Session | null>
  /** Notes that a session was used, at most once a minute. */
  touch(token: string, session: Session): Promise<void>
  /** Begins a session; the token is returned here once and stored nowhere. */
  open(session: OpenSession): Promise<{ id: string; token: string; maxAgeSeconds: number }>
  /** False: there was no such session. */
  end(sessionId: string): Promise<boolean>
  /** Ends every session of a user except `exceptId`. Returns how many there were. */
  endAll(userId: number, exceptId?: string): Promise<number>
  list(userId: number): Promise<Session[]>
  /** Deletes expired sessions. Returns how many there were. */
  deleteExpired(): Promise<number>
  /** Stops following the settings. */
  close(): void
}

export interface SessionsOptions {
  readonly database: Database
  readonly appState: Store<AppState>
  readonly streams: Pick<StreamRegistry, 'endSession'>
  readonly clock: () => number
  readonly log: Logger
}

export function createSessions({ database, appState, streams, clock, log }: SessionsOptions): Sessions {
  const { db } = database
  const following = new AbortController()
  const cache = createFollowingCache({ settings: () => appState.get().runtimeSettings, clock, log })
  void follow(appState, following.signal, cache.current)

  const ended = (ids: readonly number[]) => {
    cache.forget()
    for (const id of ids) streams.endSession(String(id))
    return ids.length
  }

  const alive = (session: Session) => {
    const expiresAt = endOf(session, appState.get().runtimeSettings)
    return clock() < expiresAt ? { ...session, expiresAt } : null
  }

  return {
    async authenticate(token) {
      if (!isToken(token)) return null
      const hash = hashToken(token)
      const key = hash.toString('hex')
      const cached = cache.current().get(key)
      if (cached) return alive(cached)
      const store = cache.writer()
      const row = await findSessionByTokenHash(db, hash)
      if (!row) return null
      const session = sessionFromRow(row)
      store(key, session)
      return alive(session)
    },

    async touch(token, session) {
      const now = clock()
      if (now - session.lastSeenAt < MINUTE_MS) return
      const store = cache.writer()
      await touchSession(db, Number(session.id), now)
      // the row's own limit, not the one worked out for the caller
      const row = await findSessionByTokenHash(db, hashToken(token))
      if (row) store(hashToken(token).toString('hex'), sessionFromRow(row))
    },

    async open({ userId, remoteAddress, userAgent }) {
      const token = createToken()
      const now = clock()
      const maxAge = appState.get().runtimeSettings.sessionMaxDays * DAY_MS
      const agent = userAgent?.slice(0, 256) ?? null
      const row = {
        userId,
        remoteAddress,
        userAgent: agent,
        now,
        tokenHash: hashToken(token),
        expiresAt: now + maxAge,
      }
      const id = await insertSession(db, row)
      return { id: String(id), token, maxAgeSeconds: maxAge / 1000 }
    },

    async end(sessionId) {
      const id = Number(sessionId)
      const found = await deleteSession(db, id)
      ended([id])
      return found
    },

    endAll: async (userId, exceptId) =>
      ended(await deleteSessionsOfUser(db, userId, exceptId === undefined ? undefined : Number(exceptId))),

    async list(userId) {
      const rows = await listSessions(db, userId)
      return rows.flatMap((row) => alive(sessionFromRow(row)) ?? [])
    },

    async deleteExpired() {
      const now = clock()
      const idle = appState.get().runtimeSettings.sessionIdleMinutes * MINUTE_MS
      return ended(await deleteExpiredSessions(db, { now, idleBefore: now - idle }))
    },

    close: () => following.abort(),
  }
}

/** The earliest of the session's own end, the absolute limit and the idle limit, as they are set now. */
const endOf = (session: Session, settings: RuntimeSettings) =>
  Math.min(
    session.expiresAt,
    session.createdAt + settings.sessionMaxDays * DAY_MS,
    session.lastSeenAt + settings.sessionIdleMinutes * MINUTE_MS,
  )

const sessionFromRow = (row: SessionRow): Session => ({ ...row, id: String(row.id) })

interface FollowingCacheOptions {
  readonly settings: () => RuntimeSettings
  readonly clock: () => number
  readonly log: Logger
}

/** The cache that the settings ask for, swapped when they change. */
function createFollowingCache({ settings, clock, log }: FollowingCacheOptions) {
  let ttlSeconds = -1
  let generation = 0
  let cache: SessionCache = createNoSessionCache()

  const current = () => {
    const { sessionCacheEnabled, sessionCacheTtlSeconds } = settings()
    const wanted = sessionCacheEnabled ? sessionCacheTtlSeconds : 0
    if (wanted === ttlSeconds) return cache
    ttlSeconds = wanted
    cache = wanted > 0 ? createMemorySessionCache({ ttl: wanted * 1000, clock }) : createNoSessionCache()
    log.debug(
      { event: 'session_cache_updated', cacheType: cache.type },
      'the session cache was set as configured',
    )
    return cache
  }

  return {
    current,
    forget() {
      generation += 1
      cache.clear()
    },
    /** Caches a session that is being read, unless a session ended meanwhile: it could be that one. */
    writer() {
      const began = generation
      return (key: string, session: Session) => {
        if (generation === began) current().set(key, session)
      }
    },
  }
}

async function follow(state: Store<AppState>, signal: AbortSignal, look: () => unknown): Promise<void> {
  for await (const _change of state.watch(signal)) look()
}
