import type { EventSourceStatus } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { withLogLevel } from './log-level.ts'

const following: EventSourceStatus = { kind: 'file', state: 'following', path: '/f2b.log', message: null }

describe('the level of a log', () => {
  it.each(['INFO', 'info', 'DEBUG', 'HEAVYDEBUG', undefined])('%s has all there is to know', (level) => {
    expect(withLogLevel(following, level)).toBe(following)
  })

  it('NOTICE is reported as without failed attempts', () => {
    expect(withLogLevel(following, 'NOTICE')).toMatchObject({
      state: 'following',
      message: expect.stringMatching(/no failed attempts.*loglevel to INFO/),
    })
  })

  it.each(['WARNING', 'warn', 'ERROR', 'CRITICAL'])('%s is reported as without bans', (level) => {
    expect(withLogLevel(following, level)).toMatchObject({
      state: 'unsupported',
      message: expect.stringMatching(/no bans.*within ten seconds.*loglevel to INFO/),
    })
  })

  it('says nothing of a log that is not followed for another reason', () => {
    const missing: EventSourceStatus = { ...following, state: 'missing', message: 'It is not there.' }
    expect(withLogLevel(missing, 'ERROR')).toBe(missing)
  })
})
