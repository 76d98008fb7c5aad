import type { Edit } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { draftWithText } from './draft-with-text.ts'
import { subjectOf } from './merge-drafts.ts'

const set = (key: string, value: string): Edit => ({ kind: 'set', scope: 'jail', name: 'web', key, value })
const disk = { text: '[web]\nport = 80\n', sha256: 'a'.repeat(64) }
const content = '[web]\nport = 443\n'
const file = { kind: 'file', file: 'jail.local', content, base: disk.sha256 }

describe('a text in the draft', () => {
  it('replaces the edits that it contains, and comes after the others', () => {
    const port = set('port', '443')
    const other = set('bantime', '1h')
    const contained = new Set([subjectOf(port)])
    expect(draftWithText([port, other], { file: 'jail.local', content, disk, contained })).toEqual([
      other,
      file,
    ])
  })

  it('replaces the text before it', () => {
    const before: Edit = { kind: 'file', file: 'jail.local', content: 'x', base: disk.sha256 }
    expect(draftWithText([before], { file: 'jail.local', content, disk, contained: new Set() })).toEqual([
      file,
    ])
  })

  it('is no edit if it is as on disk', () => {
    const contained = new Set([subjectOf(set('port', '1'))])
    expect(
      draftWithText([set('port', '1')], { file: 'jail.local', content: disk.text, disk, contained }),
    ).toEqual([])
    const missing = { text: null, sha256: null }
    expect(
      draftWithText([], { file: 'jail.d/zz-bangui.local', content: '', disk: missing, contained: new Set() }),
    ).toEqual([])
  })
})
