import type { Edit } from '@bangui/shared'
import { isHostError } from '../src/host-error.ts'
import { createFolder } from './fail2ban-reader.ts'
import { planIn } from './planned-edits.ts'

const action = (commands: string) => `[Definition]\n${commands}\n[Init]\nname = default\nport = ssh\n`

/** A configuration in which actions take parameters from options. */
export const privilegeConfig = {
  'jail.conf': `[DEFAULT]
bantime = 10m
findtime = 10m
maxretry = 5
port = 0:65535
chain = INPUT
protocol = tcp
filter = %(__name__)s
banaction = noop
action_ = %(banaction)s[port="%(port)s", protocol="%(protocol)s", chain="%(chain)s"]
action = %(action_)s
[web]
port = http
logpath = /dev/null
[mail]
logpath = /dev/null
action = %(action_)s
  log[what="%(datepattern)s"]
datepattern = ^%%Y
`,
  'fail2ban.conf': '[Definition]\nsocket = /run/x\npidfile = /run/y\nlogtarget = /var/log/x\n',
  'filter.d/web.conf': '[Definition]\nfailregex = ^a <HOST>$\n',
  'filter.d/mail.conf': '[INCLUDES]\nbefore = web.conf\n[Definition]\nfailregex = ^b <HOST>$\n',
  'action.d/noop.conf': action('actionban = block -p <protocol> --dports <port> -s <ip> <chain>'),
  'action.d/ufw.conf': action('actionban = ufw deny <name> <protocol> <port>'),
  'action.d/log.conf': action('actionban = note <what> <maxretry> <journalmatch>'),
}

/** Sets an option of `[DEFAULT]`. */
export const inDefault = (key: string, value: string | null): Edit => ({
  kind: 'set',
  scope: 'default',
  key,
  value,
})

/** Writes a file. */
export const file = (name: string, content: string | null): Edit => ({ kind: 'file', file: name, content })

/** Returns what the change needs beyond `jails`; `nothing`: it is allowed there. */
export async function needsOf(edits: readonly Edit[], files: Record<string, string> = {}): Promise<string> {
  await using folder = await createFolder({ ...privilegeConfig, ...files })
  const error = await planIn(folder.path, edits).catch((reason: unknown) => reason)
  if (isHostError(error, 'config_not_allowed')) return error.params.needs
  if (error instanceof Error) return error.message
  return 'nothing'
}

/** Values that no guarded option may get. */
export const payloads = [
  '$(touch x)',
  "'$(touch x)'",
  '`touch x`',
  '%(action_)s',
  '<ip>',
  '22; touch x',
  '-x',
  '"',
  '22\n23',
]
