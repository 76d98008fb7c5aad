import type { HostInfo } from '@bangui/fail2ban'
import { unknownStatus, type ServerStatus } from '@bangui/shared'
import { expect, it } from 'vitest'
import { helpCommands } from './help-commands.ts'

const systemd: HostInfo = {
  socketPath: '/run/fail2ban/fail2ban.sock',
  startCommand: ['systemctl', 'start', 'fail2ban'],
  uid: 1000,
  addresses: [],
}
const bare: HostInfo = {
  socketPath: "/srv/it's here/f.sock",
  startCommand: ['fail2ban-client', '-s', "/srv/it's here/f.sock", 'start'],
  uid: 0,
  addresses: [],
}
const away = (over: Partial<ServerStatus>): ServerStatus => ({ ...unknownStatus, checkedAt: 1, ...over })

it.for([
  ['nothing before the first look', unknownStatus, systemd, []],
  ['nothing while it works', away({ online: true, responding: true }), systemd, []],
  ['nothing while BanGUI is at it', away({ reason: 'refused', activity: 'starting' }), systemd, []],
  [
    'the start and the journal where systemd runs',
    away({ reason: 'socket_missing' }),
    systemd,
    ['sudo systemctl start fail2ban', 'sudo journalctl -u fail2ban -n 50'],
  ],
  [
    'the own start command, fit for a shell',
    away({ reason: 'refused' }),
    bare,
    [`sudo fail2ban-client -s '/srv/it'\\''s here/f.sock' start`],
  ],
  [
    'access for the user that lacks it',
    away({ reason: 'permission_denied' }),
    systemd,
    ['sudo setfacl -m u:1000:x /run/fail2ban', 'sudo setfacl -m u:1000:rw /run/fail2ban/fail2ban.sock'],
  ],
  [
    'the journal of one that is silent',
    away({ online: true, reason: 'timeout' }),
    systemd,
    ['sudo journalctl -u fail2ban -n 50'],
  ],
  [
    'a question to what answers nonsense',
    away({ reason: 'protocol_error' }),
    systemd,
    ['sudo fail2ban-client -s /run/fail2ban/fail2ban.sock ping'],
  ],
] as const)('helps with %s', ([, status, facts, commands]) => {
  expect(helpCommands(status, facts)).toEqual(commands)
})
