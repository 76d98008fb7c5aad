import { access } from 'node:fs/promises'
import { countUsers } from '@bangui/db'
import { describe, expect, it } from 'vitest'
import {
  admin,
  createAdmin,
  createTestDeps,
  createVisitor,
  refusalOf,
} from '../../../test/create-test-deps.ts'
import { announceSetup, completeUnattended } from './setup.service.ts'

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

describe('setup.complete', () => {
  it('makes the first user, an administrator, and signs them in', async () => {
    await using test = await createTestDeps()
    const visitor = createVisitor(test.deps)
    expect(await visitor.call((api) => api.setup.status())).toEqual({ complete: false })
    const token = await test.deps.setupToken.ensure()
    const answer = await visitor.call((api) => api.setup.complete({ ...admin, token }))
    expect(answer).toEqual({ user: { name: 'Ada', role: 'admin' } })
    expect(await visitor.call((api) => api.auth.session())).toEqual(answer)
    expect(await visitor.call((api) => api.setup.status())).toEqual({ complete: true })
    expect(test.appState.get().setupComplete).toBe(true)
    expect(await exists(test.deps.setupToken.path)).toBe(false)
  })

  it('puts the settings that come along into effect', async () => {
    await using test = await createTestDeps()
    const token = await test.deps.setupToken.ensure()
    const settings = { probeIntervalSeconds: 7 }
    await createVisitor(test.deps).call((api) => api.setup.complete({ ...admin, token, settings }))
    expect(test.appState.get().runtimeSettings.probeIntervalSeconds).toBe(7)
  })

  it('needs the token, and says where it is', async () => {
    await using test = await createTestDeps()
    await test.deps.setupToken.ensure()
    const visitor = createVisitor(test.deps, { remoteAddress: '127.0.0.1' })
    const refusal = await refusalOf(
      visitor.call((api) => api.setup.complete({ ...admin, token: 'A'.repeat(43) })),
    )
    expect(refusal).toEqual({
      code: 'FORBIDDEN',
      reason: 'setup_token_invalid',
      params: { path: test.deps.setupToken.path },
    })
    expect(await countUsers(test.deps.database.db)).toBe(0)
    expect(test.events('warn')).toEqual(['setup_token_refused'])
  })

  it('slows who guesses the token, and nobody else', async () => {
    await using test = await createTestDeps()
    const token = await test.deps.setupToken.ensure()
    const stranger = createVisitor(test.deps, { remoteAddress: '198.51.100.9' })
    const guess = () => refusalOf(stranger.call((api) => api.setup.complete({ ...admin, token: 'x' })))
    for (let attempt = 0; attempt < 3; attempt += 1) await guess()
    expect(await guess()).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'login_throttled' })
    await createVisitor(test.deps).call((api) => api.setup.complete({ ...admin, token }))
    expect(test.appState.get().setupComplete).toBe(true)
  })

  it('works once, also for many at the same time', async () => {
    await using test = await createTestDeps()
    const token = await test.deps.setupToken.ensure()
    const attempts = Array.from({ length: 3 }, (_, index) =>
      createVisitor(test.deps, { remoteAddress: `192.0.2.${index}` })
        .call((api) => api.setup.complete({ ...admin, username: `user${index}`, token }))
        .then(
          () => 'done',
          (error: unknown) => refusalOf(Promise.reject(error as Error)).then(({ reason }) => reason),
        ),
    )
    const results = await Promise.all(attempts)
    expect(results.filter((result) => result === 'done')).toHaveLength(1)
    expect(results.filter((result) => result === 'setup_complete')).toHaveLength(2)
    expect(await countUsers(test.deps.database.db)).toBe(1)
    const again = createVisitor(test.deps).call((api) => api.setup.complete({ ...admin, token }))
    expect(await refusalOf(again)).toMatchObject({ code: 'CONFLICT', reason: 'setup_complete' })
  })

  it.each([
    ['a short password', { ...admin, password: 'short' }],
    ['no name', { ...admin, username: '  ' }],
    ['a name with a line break', { ...admin, username: 'a\nb' }],
  ])('refuses %s', async (_title, input) => {
    await using test = await createTestDeps()
    const token = await test.deps.setupToken.ensure()
    const call = createVisitor(test.deps).call((api) => api.setup.complete({ ...input, token }))
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await countUsers(test.deps.database.db)).toBe(0)
  })
})

describe('the unattended setup', () => {
  const env = { BANGUI_ADMIN_USERNAME: 'root', BANGUI_ADMIN_PASSWORD: 'correct horse' }

  it('completes the setup with the user of the environment', async () => {
    await using test = await createTestDeps(env)
    await test.deps.setupToken.ensure()
    expect(await completeUnattended(test.deps)).toBe(true)
    expect(await exists(test.deps.setupToken.path)).toBe(false)
    const visitor = createVisitor(test.deps)
    await visitor.call((api) => api.auth.login({ username: 'root', password: 'correct horse' }))
    expect(await visitor.session()).toMatchObject({ userName: 'root', role: 'admin' })
    expect(JSON.stringify(test.lines)).not.toContain('correct horse')
  })

  it('leaves a setup that is complete as it is', async () => {
    await using test = await createTestDeps(env)
    await createAdmin(test.deps)
    expect(await completeUnattended(test.deps)).toBe(false)
    expect(await countUsers(test.deps.database.db)).toBe(1)
  })

  it('does nothing without a user in the environment', async () => {
    await using test = await createTestDeps()
    expect(await completeUnattended(test.deps)).toBe(false)
  })
})

describe('the announcement', () => {
  it('logs the link with the token while the setup is not complete', async () => {
    await using test = await createTestDeps({ BANGUI_BASE_PATH: '/bans' })
    await announceSetup(test.deps, 'http://127.0.0.1:8080/bans/')
    const url = `http://127.0.0.1:8080/bans/setup#${await test.deps.setupToken.ensure()}`
    expect(test.lines).toContainEqual({
      level: 'info',
      event: 'setup_required',
      url,
      file: test.deps.setupToken.path,
    })
  })

  it('names the public address where there is one', async () => {
    await using test = await createTestDeps({
      BANGUI_PUBLIC_URL: 'https://example.org',
      BANGUI_BASE_PATH: '/bans',
    })
    await announceSetup(test.deps, 'http://127.0.0.1:8080/bans/')
    expect(test.lines.at(-1)?.['url']).toMatch(/^https:\/\/example\.org\/bans\/setup#[\w-]{43}$/)
  })

  it('removes a token that is left over once it is', async () => {
    await using test = await createTestDeps()
    await createAdmin(test.deps)
    await test.deps.setupToken.ensure()
    await announceSetup(test.deps, 'http://127.0.0.1:8080/')
    expect(await exists(test.deps.setupToken.path)).toBe(false)
    expect(test.events()).not.toContain('setup_required')
  })
})
