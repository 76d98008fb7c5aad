import { insertChanges, setChangeState } from '@bangui/db'
import type { KeptChange } from '@bangui/fail2ban'
import { expect, it } from 'vitest'
import { asRole } from '../../../test/as-role.ts'
import { createTestDeps, refusalOf } from '../../../test/create-test-deps.ts'
import { createFakeHost } from '../../../test/fake-host.ts'
import { withHost } from '../../../test/one-host.ts'
import { createCaller } from '../../router.ts'

const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
const kept: KeptChange = {
  files: [
    {
      file: 'jail.local',
      before: '# key s3cret\n[web]\nmaxretry = 3\naction = mail[key=s3cret]\n',
      after: '# key s3cret\n[web]\nmaxretry = 4\naction = mail[key=s3cret2]\n',
      now: 'after',
    },
  ],
  omitted: ['/etc/fail2ban/big.conf'],
  since: null,
  tested: { output: 'a warning with s3cret', samples: { passed: 2, failed: 0 } },
}

async function openHistory(readChange: () => Promise<KeptChange | null>) {
  const test = await createTestDeps()
  const asked: unknown[] = []
  const host = createFakeHost({
    config: {
      readChange,
      compareRevert: async (...args) => {
        asked.push(args)
        return { files: [], conflicts: [], problem: null }
      },
    },
  })
  const deps = withHost(test.deps, { host })
  const change = {
    id,
    operationId: null,
    title: 'Changing jail web',
    note: 'why',
    files: ['/etc/fail2ban/jail.local'],
  }
  const rest = { load: [], expect: { before: [], running: [], stopped: [] }, createdAt: 5 } as const
  await insertChanges(deps.hostDb, [{ ...change, ...rest, state: 'prepared' }], 5)
  await setChangeState(deps.hostDb, id, { state: 'applied', output: 'loaded with s3cret' })
  return {
    asked,
    as: (role: 'viewer' | 'operator' | 'admin') => createCaller(asRole(deps, role)).config,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  }
}

it('a change is shown with its differences, its test and what fail2ban said', async () => {
  await using at = await openHistory(async () => kept)
  const change = await at.as('admin').change({ id })
  expect(change).toMatchObject({
    title: 'Changing jail web',
    note: 'why',
    at: 5,
    outside: false,
    omitted: ['/etc/fail2ban/big.conf'],
    tested: { output: 'a warning with s3cret', passed: 2, failed: 0 },
    output: 'loaded with s3cret',
    hidden: false,
  })
  expect(change.files?.[0]).toMatchObject({ file: 'jail.local', now: 'after' })
  expect(change.files?.[0]?.unified).toContain('+action = mail[key=s3cret2]')
})

it('viewers and operators see what was changed, and no secret', async () => {
  await using at = await openHistory(async () => kept)
  for (const role of ['viewer', 'operator'] as const) {
    const change = await at.as(role).change({ id })
    expect(JSON.stringify(change)).not.toContain('s3cret')
    expect(change).toMatchObject({ hidden: true, output: null, tested: { output: null, passed: 2 } })
    expect(change.files?.[0]?.unified).toContain(
      '-maxretry = 3\n-action = (hidden)\n+maxretry = 4\n+action = (hidden)\n',
    )
  }
})

it('a change whose files are gone is shown without them; one that nobody knows is refused', async () => {
  await using at = await openHistory(async () => null)
  expect(await at.as('viewer').change({ id })).toMatchObject({ files: null, tested: null })
  const unknown = at.as('viewer').change({ id: '00000000-0000-4000-8000-000000000000' })
  expect(await refusalOf(unknown)).toMatchObject({ code: 'NOT_FOUND' })
})

it('only who may change the configuration compares a revert, with the choices that were made', async () => {
  await using at = await openHistory(async () => kept)
  const choices = [{ file: 'jail.local', section: 'web', key: 'maxretry', now: null, take: 'now' as const }]
  expect(await refusalOf(at.as('operator').compareRevert({ id, choices }))).toMatchObject({
    reason: 'forbidden',
  })
  expect(await at.as('admin').compareRevert({ id, choices })).toMatchObject({ problem: null })
  expect(at.asked).toEqual([[id, choices]])
})
