import { localTime, type PrivateJail } from '@bangui/fail2ban'
import type { AttackedJail, Attempt } from './attack-script.ts'

/** A jail whose times are in seconds. */
export interface DemoJail extends PrivateJail {
  readonly maxretry: number
  readonly findtime: number
  readonly bantime: number
}

/** The jails of the demo's fail2ban, as a small mail and web server would have them. Their action does nothing. */
export const attackedJails: readonly (DemoJail & { readonly name: AttackedJail })[] = [
  {
    name: 'sshd',
    maxretry: 4,
    findtime: 600,
    bantime: 480,
    failregex: String.raw`^\s*\S+ sshd\[\d+\]: Failed password for .* from <HOST> port \d+ ssh2$`,
  },
  {
    name: 'nginx-http-auth',
    maxretry: 4,
    findtime: 600,
    bantime: 120,
    failregex: String.raw`^\s*\[error\] \d+#\d+: \*\d+ user "[^"]*": password mismatch, client: <HOST>, server: \S*, request: `,
    options: { datepattern: '^%%Y/%%m/%%d %%H:%%M:%%S' },
  },
  {
    name: 'nginx-botsearch',
    enabled: false,
    maxretry: 3,
    findtime: 600,
    bantime: 600,
    failregex: String.raw`^<HOST> - \S+ \[\] "(?:GET|POST|HEAD) /(?:wp-login|xmlrpc|phpmyadmin|\.env)[^"]*" 404 `,
    options: { datepattern: '%%d/%%b/%%Y:%%H:%%M:%%S %%z' },
  },
  {
    name: 'postfix-sasl',
    maxretry: 3,
    findtime: 600,
    bantime: 600,
    failregex: String.raw`^\s*\S+ postfix/smtpd\[\d+\]: warning: [-._\w]+\[<HOST>\]: SASL LOGIN authentication failed: `,
  },
]

/** Addresses that were banned three times are banned for longer: the jail reads the daemon's own log. */
export const recidiveJail = (daemonLog: string): DemoJail => ({
  name: 'recidive',
  maxretry: 3,
  findtime: 86_400,
  bantime: 1800,
  logPath: daemonLog,
  failregex: String.raw`^.*fail2ban\.actions\s+\[\d+\]: NOTICE\s+\[(?!recidive\])[^\]]*\]\s+Ban <HOST>\s*$`,
})

const lines: Record<AttackedJail, (attempt: Attempt, at: Date, id: number) => string> = {
  sshd: ({ address, user }, at, id) =>
    `${localTime(at)} web-1 sshd[${id}]: Failed password for ${user === 'root' ? '' : 'invalid user '}${user} from ${address} port ${30_000 + id} ssh2`,
  'nginx-http-auth': ({ address, user }, at, id) =>
    `${localTime(at).replaceAll('-', '/')} [error] 812#812: *${id} user "${user}": password mismatch, client: ${address}, server: example.org, request: "GET /intern HTTP/1.1", host: "example.org"`,
  'nginx-botsearch': ({ address }, at, id) =>
    `${address} - - [${accessTime(at)}] "GET /${id % 2 === 0 ? 'wp-login.php' : 'phpmyadmin/'} HTTP/1.1" 404 153 "-" "-"`,
  'postfix-sasl': ({ address }, at, id) =>
    `${localTime(at)} web-1 postfix/smtpd[${id}]: warning: unknown[${address}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6`,
}

/** The line that the attacked program would write to its log; `id` stands for a process, port or request. */
export const logLine = (attempt: Attempt, at: Date, id: number): string =>
  lines[attempt.jail](attempt, at, id)

const two = (part: number) => String(part).padStart(2, '0')

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function accessTime(at: Date): string {
  const east = -at.getTimezoneOffset()
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}${two(Math.abs(east) % 60)}`
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  return `${two(at.getDate())}/${months[at.getMonth()]}/${at.getFullYear()}:${time} ${zone}`
}
