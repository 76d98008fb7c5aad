import type { JailDetail } from '@bangui/shared'
import { expect, it } from 'vitest'
import { jailOf } from '../../../test/fixtures.ts'
import { differencesOf } from './jail-differences.ts'

it('each setting that differs is named once, the ignore list by what was added and removed', () => {
  const place = { file: '/etc/fail2ban/jail.local', line: 1 }
  const detail: JailDetail = {
    ...jailOf('sshd'),
    configured: { bantime: 600, findtime: 600, maxretry: 5 },
    settings: [
      { key: 'bantime', value: '10m', inForce: '3600', ...place },
      { key: 'ignoreip', value: '192.0.2.1', inForce: '192.0.2.2', ...place },
      { key: 'ignorecommand', value: 'look', inForce: '', ...place },
    ],
  }
  const now = { bantime: 3600, findtime: 600, maxretry: 5, ignored: ['192.0.2.2'], ignoredFiles: [] }
  expect(differencesOf(detail, now)).toEqual([
    { key: 'bantime', now: '1 h', configured: '10 min' },
    { key: 'ignorecommand', now: 'empty', configured: 'look' },
    { key: 'ignoreip', now: 'also 192.0.2.2; not 192.0.2.1', configured: '192.0.2.1' },
  ])
})
