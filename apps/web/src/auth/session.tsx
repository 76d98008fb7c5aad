import type { LoginInput, SessionUser } from '@bangui/shared'
import { createContext, createSignal, type JSX, onCleanup, useContext } from 'solid-js'
import { describeError } from '../api/errors.ts'
import { noteServer } from '../lib/server-reach.ts'
import type { AccountClient } from './account-client.ts'

type Described = ReturnType<typeof describeError>

export type Session = {
  /** undefined until known, null while signed out */
  user: () => SessionUser | null | undefined
  setupComplete: () => boolean | undefined
  /** why the server did not reply; the request is repeated automatically */
  problem: () => Described | undefined
  /** asks the server again */
  refresh: () => Promise<void>
  /** rejects with the server's error */
  signIn: (input: LoginInput) => Promise<void>
  signOut: () => Promise<void>
  /** to be called when the session has ended */
  expire: () => void
}

const retryAfter = [1000, 2000, 4000, 8000]
const SessionContext = createContext<Session>()

/** Provides the signed-in user. */
export function SessionProvider(props: { client: AccountClient; children: JSX.Element }): JSX.Element {
  // oxlint-disable-next-line solid/reactivity -- a provider keeps the client that it was made with
  const session = createSession(props.client)
  return <SessionContext.Provider value={session}>{props.children}</SessionContext.Provider>
}

function createSession(client: AccountClient): Session {
  const [user, setUser] = createSignal<SessionUser | null | undefined>()
  const [setupComplete, setSetupComplete] = createSignal<boolean | undefined>()
  const [problem, setProblem] = createSignal<Described | undefined>()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const refresh = async () => {
    clearTimeout(timer)
    try {
      const [complete, current] = await Promise.all([client.setupComplete(), client.session()])
      failures = 0
      noteServer(true)
      setSetupComplete(complete)
      setUser(current)
      setProblem(undefined)
    } catch (error) {
      const described = describeError(error)
      noteServer(described.reason !== 'unreachable')
      setProblem(described)
      timer = setTimeout(() => void refresh(), retryAfter[Math.min(failures, retryAfter.length - 1)])
      failures += 1
    }
  }
  onCleanup(() => clearTimeout(timer))
  void refresh()

  return {
    user,
    setupComplete,
    problem,
    refresh,
    signIn: async (input) => {
      await client.login(input)
      await refresh()
    },
    signOut: async () => {
      await client.logout()
      setUser(null)
    },
    expire: () => setUser(null),
  }
}

/** Returns the signed-in user, and functions to sign in and out. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession needs a SessionProvider around it')
  return session
}
