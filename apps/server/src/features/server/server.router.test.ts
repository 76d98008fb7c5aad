import { insertUser } from '@bangui/db'
import type { Role } from '@bangui/shared'
import { expect, it } from 'vitest'
import { createTestDeps, createVisitor, refusalOf } from '../../../test/create-test-deps.ts'

const password = 'correct horse battery'

it.each(['viewer', 'operator'] satisfies Role[])(
  'a %s may not change or look into what is root’s',
  async (role) => {
    await using test = await createTestDeps()
    const passwordHash = await test.deps.passwords.hash(password)
    await insertUser(test.deps.database.db, { name: 'Eve', passwordHash, role, now: 0 })
    const visitor = createVisitor(test.deps)
    await visitor.call((api) => api.auth.login({ username: 'Eve', password }))
    const jail = { name: 'sshd' }
    const calls = [
      visitor.call((api) => api.server.log()),
      visitor.call((api) => api.server.reload()),
      visitor.call((api) => api.server.start()),
      visitor.call((api) => api.server.stop()),
      visitor.call((api) => api.server.restart()),
      visitor.call((api) => api.recovery.rollback()),
      visitor.call((api) => api.recovery.dismiss()),
      visitor.call((api) => api.jails.preview({ ...jail, enabled: true })),
      visitor.call((api) => api.jails.activate(jail)),
      visitor.call((api) => api.jails.deactivate(jail)),
      visitor.call((api) => api.settings.update({})),
    ]
    for (const call of calls)
      expect(await refusalOf(call)).toMatchObject({ code: 'FORBIDDEN', reason: 'forbidden' })
  },
)
