import { unknownStatus, type ServerStatus } from '@bangui/shared'
import { describe, expect, it } from 'vitest'
import { answer, failure } from '../../../test/fake-host.ts'
import { SILENCE_LIMIT_MS, statusFromOutcome } from './status-from-outcome.ts'

const online: ServerStatus = {
  ...unknownStatus,
  online: true,
  responding: true,
  version: '1.0.2',
  activeJails: 1,
  checkedAt: 0,
}
const context = { previous: online, activity: null, silentSince: null, now: 100_000 } as const

describe('what a probe means', () => {
  it('takes the totals of a daemon that answers', () => {
    const { status } = statusFromOutcome(answer(), { ...context, previous: unknownStatus })
    expect(status).toMatchObject({
      online: true,
      responding: true,
      activeJails: 1,
      currentlyBanned: 1,
      totalFailed: 4,
    })
  })

  it.each(['socket_missing', 'refused', 'permission_denied', 'protocol_error'] as const)(
    'is offline at once with its reason for %s',
    (reason) => {
      const { status } = statusFromOutcome(failure(reason), context)
      expect(status).toMatchObject({
        online: false,
        responding: false,
        reason,
        message: `fail2ban: ${reason}`,
        checkedAt: 100_000,
      })
    },
  )

  it('is online and not responding for a daemon that is silent', () => {
    const { status, silentSince } = statusFromOutcome(failure('timeout', true), context)
    expect(status).toMatchObject({ online: true, responding: false, reason: 'timeout', version: '1.0.2' })
    expect(silentSince).toBe(100_000)
  })

  it('is still online just before a minute of silence, and offline at it', () => {
    const silent = { ...context, silentSince: 100_000 }
    const before = statusFromOutcome(failure('timeout', true), {
      ...silent,
      now: 100_000 + SILENCE_LIMIT_MS - 1,
    })
    expect(before.status.online).toBe(true)
    const at = statusFromOutcome(failure('timeout', true), { ...silent, now: 100_000 + SILENCE_LIMIT_MS })
    expect(at.status).toMatchObject({ online: false, reason: 'timeout' })
  })

  it('does not count silence while BanGUI itself keeps the daemon busy', () => {
    const busy = { ...context, activity: 'loading', silentSince: 1 } as const
    const { status, silentSince } = statusFromOutcome(failure('timeout', true), busy)
    expect(status).toMatchObject({ online: true, responding: true, activity: 'loading' })
    expect(silentSince).toBeNull()
  })

  it('starts the minute anew when the clock stepped back', () => {
    const { status, silentSince } = statusFromOutcome(failure('timeout', true), {
      ...context,
      silentSince: 500_000,
    })
    expect(status.online).toBe(true)
    expect(silentSince).toBe(100_000)
  })

  it('is offline even while busy when the daemon has ended', () => {
    const { status } = statusFromOutcome(failure('refused'), { ...context, activity: 'loading' })
    expect(status).toMatchObject({ online: false, activity: 'loading' })
  })
})
