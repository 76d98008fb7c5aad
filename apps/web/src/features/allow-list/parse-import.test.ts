import { describe, expect, it } from 'vitest'
import type { ListedIgnore } from '@bangui/shared'
import { exportText } from './export-link.tsx'
import { parseImport } from './parse-import.ts'

const entry = { jail: null, everyHost: false, note: null, expiresAt: null }

describe('entries from a text', () => {
  it('are lines with addresses, and notes after a #', () => {
    expect(parseImport('203.0.113.0/24  # office\r\n\n# a comment\n2001:db8::7, home.example #')).toEqual({
      entries: [
        { address: '203.0.113.0/24', note: 'office', everyHost: false },
        { address: '2001:db8::7', note: null, everyHost: false },
        { address: 'home.example', note: null, everyHost: false },
      ],
      invalid: [],
    })
  })

  it('are what was exported, without entries that have ended', () => {
    const listed = { ...entry, address: '192.0.2.1', jail: 'sshd', note: 'x', ended: false } as ListedIgnore
    const text = exportText([listed, { ...listed, ended: true }])
    expect(parseImport(text).entries).toEqual([{ ...entry, address: '192.0.2.1', jail: 'sshd', note: 'x' }])
  })

  it('are none of a file that is something else, and the reason is said', () => {
    expect(parseImport('[1, 2')).toMatchObject({ entries: [], problem: expect.stringContaining('JSON') })
    expect(parseImport('[1, {"address":"192.0.2.1"}]')).toMatchObject({
      entries: [{ address: '192.0.2.1' }],
      invalid: ['1'],
    })
    expect(parseImport('192.0.2.1 '.repeat(2001)).problem).toMatch(/At most 2000/)
    expect(parseImport('x'.repeat(300)).invalid).toHaveLength(1)
  })
})
