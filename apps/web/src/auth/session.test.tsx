import type { SessionUser } from '@bangui/shared'
import { render, waitFor } from '@solidjs/testing-library'
import { expect, test } from 'vitest'
import type { AccountClient } from './account-client.ts'
import { type Session, SessionProvider, useSession } from './session.tsx'

const ann: SessionUser = { name: 'ann', role: 'admin' }

function createServer() {
  const state = { user: null as SessionUser | null, complete: true, down: 0 }
  const client: AccountClient = {
    session: () => Promise.resolve(state.user),
    setupComplete: () => {
      if (state.down === 0) return Promise.resolve(state.complete)
      state.down -= 1
      return Promise.reject(new TypeError('Failed to fetch'))
    },
    login: () => Promise.resolve(void (state.user = ann)),
    logout: () => Promise.resolve(void (state.user = null)),
    completeSetup: () => Promise.resolve(),
  }
  return { state, client }
}

function open(client: AccountClient): Session {
  let session: Session | undefined
  const Grab = () => {
    session = useSession()
    return null
  }
  render(() => (
    <SessionProvider client={client}>
      <Grab />
    </SessionProvider>
  ))
  return session!
}

test('the user is unknown until the server has replied', async () => {
  const session = open(createServer().client)
  expect(session.user()).toBeUndefined()
  await waitFor(() => expect(session.user()).toBeNull())
  expect(session.setupComplete()).toBe(true)
})

test('signing in and out changes the user', async () => {
  const session = open(createServer().client)
  await waitFor(() => expect(session.user()).toBeNull())
  await session.signIn({ username: 'ann', password: 'x' })
  expect(session.user()).toEqual(ann)
  await session.signOut()
  expect(session.user()).toBeNull()
})

test('the session is fetched again if the server does not reply', async () => {
  const { state, client } = createServer()
  state.down = 1
  const session = open(client)
  await waitFor(() => expect(session.problem()).toBeDefined())
  expect(session.user()).toBeUndefined()
  await waitFor(() => expect(session.user()).toBeNull())
  expect(session.problem()).toBeUndefined()
})

test('the page signs out when the server has ended the session', async () => {
  const { state, client } = createServer()
  state.user = ann
  const session = open(client)
  await waitFor(() => expect(session.user()).toEqual(ann))
  session.expire()
  expect(session.user()).toBeNull()
})
