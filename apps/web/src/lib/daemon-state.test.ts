// @vitest-environment node
import type { ServerStatus } from '@bangui/shared'
import { expect, test } from 'vitest'
import { daemonHelp, describeDaemon } from './daemon-state.ts'

const up: ServerStatus = {
  online: true,
  responding: true,
  activity: null,
  version: '1.1.0',
  activeJails: 2,
  currentlyBanned: 0,
  totalBanned: 0,
  currentlyFailed: 0,
  totalFailed: 0,
  reason: null,
  message: null,
  checkedAt: 1,
}
const down = (reason: ServerStatus['reason']): ServerStatus => ({
  ...up,
  online: false,
  responding: false,
  version: null,
  reason,
})

test.each([
  [up, 'Running', 'ok'],
  [{ ...up, responding: false }, 'Not responding', 'warning'],
  [{ ...up, activity: 'loading' as const, responding: false }, 'Loading', 'info'],
  [{ ...down(null), checkedAt: null }, 'Checking', 'neutral'],
  [undefined, 'Checking', 'neutral'],
  [down('socket_missing'), 'Down', 'danger'],
  [down('refused'), 'Down', 'danger'],
  [down('permission_denied'), 'No access', 'danger'],
  [down('timeout'), 'Not responding', 'danger'],
  [down('protocol_error'), 'Unreadable', 'danger'],
])('a status of the daemon is described in words %#', (status, word, tone) => {
  expect(describeDaemon(status)).toMatchObject({ word, tone })
})

test('help is offered only if something is wrong with the daemon', () => {
  expect(daemonHelp(up)).toBeUndefined()
  expect(daemonHelp(undefined)).toBeUndefined()
  expect(daemonHelp({ ...down(null), checkedAt: null })).toBeUndefined()
  expect(daemonHelp({ ...up, activity: 'stopping', responding: false })).toBeUndefined()
  expect(daemonHelp({ ...up, responding: false })?.startable).toBe(false)
})

test('only a daemon that is offline can be started, never one that is closed or silent', () => {
  const startable = (reason: ServerStatus['reason']) => daemonHelp(down(reason))?.startable
  expect(startable('socket_missing')).toBe(true)
  expect(startable('refused')).toBe(true)
  expect(startable('permission_denied')).toBe(false)
  expect(startable('timeout')).toBe(false)
})
