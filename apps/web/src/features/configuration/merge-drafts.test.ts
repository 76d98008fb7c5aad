import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { mergeDrafts, subjectOf } from './merge-drafts.ts'

const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'jail', name: 'web', key, value })
const a = set('a', '1')
const b = set('b', '1')
const c = set('c', '1')

describe('two drafts of one user', () => {
  it.each<[string, [base: Edit[], here: Edit[], there: Edit[], merged: Edit[]]]>([
    ['an edit that this tab adds is kept beside one of the other tab', [[a], [a, b], [a, c], [a, c, b]]],
    ['an edit that this tab removes goes', [[a, b], [b], [a, b, c], [b, c]]],
    ['an edit that the other tab removes goes', [[a, b], [a, b, c], [b], [b, c]]],
    [
      'an edit that this tab changes has its new value, in its place',
      [
        [a, b],
        [set('a', '2'), b],
        [a, b, c],
        [set('a', '2'), b, c],
      ],
    ],
    [
      'an edit that the other tab changes has its new value',
      [[a], [a, b], [set('a', '2')], [set('a', '2'), b]],
    ],
    ['the same edit of both is there once', [[], [a], [a], [a]]],
    ['what this tab empties is empty, but for what the other tab adds', [[a, b], [], [a, b, c], [c]]],
    ['a draft that is not loaded yet is merged with the saved one', [[], [b], [a], [a, b]]],
  ])('%s', (_, [base, here, there, merged]) => {
    expect(mergeDrafts(base, here, there)).toEqual({ edits: merged, conflicts: [] })
  })

  it.each<[string, Edit | undefined, Edit | undefined]>([
    ['two values', set('a', '2'), set('a', '3')],
    ['a value and nothing', set('a', '2'), undefined],
    ['nothing and a value', undefined, set('a', '3')],
  ])('with %s for the same is a conflict; what was saved first stays', (_, here, there) => {
    const merged = mergeDrafts([a, b], here ? [here, b] : [b], there ? [there, b] : [b])
    expect(merged.conflicts).toEqual([{ subject: subjectOf(a), here, there }])
    expect(merged.edits).toEqual(there ? [there, b] : [b])
  })

  it('that both begin with other edits of the same are a conflict', () => {
    expect(mergeDrafts([], [set('a', '2')], [a])).toEqual({
      edits: [a],
      conflicts: [{ subject: subjectOf(a), here: set('a', '2'), there: a }],
    })
  })
})
