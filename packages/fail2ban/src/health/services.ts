/** A service that a stock filter is about. */
export interface Service {
  /** what it is called in a sentence */
  readonly name: string
  /** names of its processes, as the kernel has them */
  readonly processes: readonly string[]
  /** units of systemd */
  readonly units: readonly string[]
}

const services: readonly (readonly [filters: RegExp, service: Service])[] = [
  [/^sshd(?:-|$)/, { name: 'OpenSSH', processes: ['sshd'], units: ['ssh.service', 'sshd.service'] }],
  [/^dropbear$/, { name: 'dropbear', processes: ['dropbear'], units: ['dropbear.service'] }],
  [/^nginx(?:-|$)/, { name: 'nginx', processes: ['nginx'], units: ['nginx.service'] }],
  [
    /^apache(?:-|$)/,
    { name: 'Apache', processes: ['apache2', 'httpd'], units: ['apache2.service', 'httpd.service'] },
  ],
  [
    /^dovecot$/,
    { name: 'dovecot', processes: ['dovecot', 'imap-login', 'pop3-login'], units: ['dovecot.service'] },
  ],
  [
    /^postfix(?:-|$)/,
    { name: 'postfix', processes: ['master'], units: ['postfix.service', 'postfix@-.service'] },
  ],
  [/^exim(?:-|$)/, { name: 'exim', processes: ['exim4', 'exim'], units: ['exim4.service', 'exim.service'] }],
  [/^vsftpd$/, { name: 'vsftpd', processes: ['vsftpd'], units: ['vsftpd.service'] }],
  [/^proftpd$/, { name: 'proftpd', processes: ['proftpd'], units: ['proftpd.service'] }],
]

/** Returns the service of a stock filter; undefined: BanGUI does not know it. */
export const serviceOf = (filter: string | null | undefined): Service | undefined =>
  services.find(([filters]) => filters.test(filter ?? ''))?.[1]

/** Processes of services that write their logs themselves; others hand them to the syslog daemon. */
export const processesWithLogs: ReadonlySet<string> = new Set([
  'nginx',
  'apache2',
  'httpd',
  'exim4',
  'exim',
  'vsftpd',
  'proftpd',
])
