import type { HealthCheckId, HealthCheckResult, HealthProblem } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { problemOf, resultOf } from '../../../test/health-results.ts'
import { findingIdOf } from './finding-id.ts'
import { CONFIRM_AFTER_MS, foldResult, noLevels, withoutChecks } from './health-levels.ts'

/** Folds results one after the other; returns what each changed, by the subject. */
function fold(...results: readonly HealthCheckResult[]) {
  let levels = noLevels
  const subjects = (list: readonly { readonly problem: HealthProblem }[]) =>
    list.map(({ problem }) => problem.subject)
  const changes = results.map((result) => {
    const folded = foldResult(levels, result)
    levels = folded.levels
    const { began, ended, seenAgain } = folded.changes
    const again = subjects(seenAgain.map(({ finding }) => finding))
    return { began: subjects(began), ended: subjects(ended), again }
  })
  return { levels, changes, last: changes.at(-1) }
}

const nothing = { began: [], ended: [], again: [] }
/** Not certain at first sight. */
const gone = (at: number, over: Partial<HealthCheckResult> = {}) => resultOf('log-gone', { at, ...over })
const path = problemOf({ subject: '/var/log/auth.log' })

describe('a problem', () => {
  it('is reported when it is seen again after 20 seconds, since it was first seen', () => {
    const { levels, changes } = fold(
      gone(1_000, { problems: [path] }),
      gone(1_000 + CONFIRM_AFTER_MS - 1, { problems: [path] }),
      gone(1_000 + CONFIRM_AFTER_MS, { problems: [path] }),
    )
    expect(changes).toEqual([nothing, nothing, { ...nothing, began: ['/var/log/auth.log'] }])
    const id = findingIdOf('log-gone', path)
    expect([...levels.findings.values()]).toEqual([
      { id, check: 'log-gone', problem: path, since: 1_000, lastSeen: 1_000 + CONFIRM_AFTER_MS },
    ])
    expect(levels.suspects.size).toBe(0)
  })

  it('that is certain is reported at first sight', () => {
    expect(fold(resultOf('jail-not-running', { problems: [path] })).last?.began).toEqual([path.subject])
  })

  it('that was not there in between must be seen twice anew', () => {
    const { levels, changes } = fold(
      gone(0, { problems: [path] }),
      gone(30_000),
      gone(60_000, { problems: [path] }),
    )
    expect(changes).toEqual([nothing, nothing, nothing])
    expect([...levels.suspects.values()]).toMatchObject([{ since: 60_000 }])
  })

  it('stays a suspicion while its check cannot tell', () => {
    const { last } = fold(
      gone(0, { problems: [path] }),
      gone(30_000, { cannotTell: [{ jail: null, why: 'no permission' }] }),
      gone(60_000, { problems: [path] }),
    )
    expect(last?.began).toEqual([path.subject])
  })

  it('has its own id for each check, jail and subject', () => {
    const ids = [
      findingIdOf('log-gone', path),
      findingIdOf('log-silent', path),
      findingIdOf('log-gone', { ...path, jail: null }),
      findingIdOf('log-gone', { ...path, subject: 'x'.repeat(300) }),
    ]
    expect(new Set(ids).size).toBe(4)
    expect(ids.every((id) => /^[a-z-]+-[0-9a-f]{16}$/.test(id))).toBe(true)
  })
})

describe('a finding', () => {
  /** A finding of the jail `sshd` since 0, and what comes later. */
  const found = (...later: readonly HealthCheckResult[]) =>
    fold(gone(0, { problems: [path] }), gone(30_000, { problems: [path] }), ...later)

  it('has the newest text, beside the one before', () => {
    const newer = problemOf({ ...path, severity: 'hint', title: 'The log has gone for good' })
    const { changes } = foldResult(found().levels, gone(60_000, { problems: [newer] }))
    expect(changes.seenAgain).toEqual([
      { before: path, finding: expect.objectContaining({ problem: newer, since: 0, lastSeen: 60_000 }) },
    ])
  })

  it('ends when its check does not see it any more', () => {
    expect(found(gone(60_000)).last).toEqual({ ...nothing, ended: [path.subject] })
  })

  it('does not end by another check', () => {
    expect(found(resultOf('log-silent')).last).toEqual(nothing)
  })

  it.each([
    ['cannot tell at all', { cannotTell: [{ jail: null, why: 'no permission' }] }],
    ['cannot tell about its jail', { cannotTell: [{ jail: 'sshd', why: 'no permission' }] }],
    ['left problems out', { omitted: 1 }],
  ])('does not end by a result that %s', (_name, over) => {
    expect(found(gone(60_000, over)).last).toEqual(nothing)
  })

  it('ends by a result that cannot tell about another jail', () => {
    const last = found(gone(60_000, { cannotTell: [{ jail: 'web', why: 'no permission' }] })).last
    expect(last?.ended).toEqual([path.subject])
  })

  it('ends with its check', () => {
    const { levels, ended } = withoutChecks(found().levels, new Set<HealthCheckId>(['log-gone']))
    expect(ended).toHaveLength(1)
    expect(levels).toEqual(noLevels)
    expect(withoutChecks(found().levels, new Set<HealthCheckId>(['log-silent'])).ended).toEqual([])
  })
})

describe('foldResult', () => {
  it('keeps what each check said last', () => {
    const unknown = [{ jail: null, why: 'no permission' }]
    const { levels } = fold(gone(0), gone(5, { cannotTell: unknown, note: 'a note', omitted: 2 }))
    expect([...levels.checks]).toEqual([
      ['log-gone', { at: 5, cannotTell: unknown, note: 'a note', omitted: 2, doesNotApply: null }],
    ])
  })
})
