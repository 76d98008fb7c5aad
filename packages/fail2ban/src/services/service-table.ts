/** A service that stock jails of fail2ban protect. */
export interface Service {
  readonly id: string
  /** what it is called in a sentence */
  readonly name: string
  /** the filters that are about it */
  readonly filters: RegExp
  /** the stock jails for it, the usual one first */
  readonly jails: readonly string[]
  /** names of its processes, as the kernel has them: of at most 15 bytes */
  readonly processes: readonly string[]
  /** units of systemd */
  readonly units: readonly string[]
  /** names of its programs */
  readonly binaries: readonly string[]
  /** where it writes its log, with wildcards; empty: it hands it to the syslog daemon or the journal only */
  readonly logs: readonly string[]
  /** it writes its log itself, instead of handing it to the syslog daemon */
  readonly writesLogs: boolean
}

const syslog = ['/var/log/auth.log', '/var/log/secure']
const mail = ['/var/log/mail.log', '/var/log/maillog']

type Row = Omit<Service, 'writesLogs'> & { readonly writesLogs?: boolean }

const rows: readonly Row[] = [
  {
    id: 'openssh',
    name: 'OpenSSH',
    filters: /^sshd(?:-|$)/,
    jails: ['sshd'],
    processes: ['sshd'],
    units: ['ssh.service', 'sshd.service'],
    binaries: ['sshd'],
    logs: syslog,
  },
  {
    id: 'dropbear',
    name: 'dropbear',
    filters: /^dropbear$/,
    jails: ['dropbear'],
    processes: ['dropbear'],
    units: ['dropbear.service'],
    binaries: ['dropbear'],
    logs: syslog,
  },
  {
    id: 'nginx',
    name: 'nginx',
    filters: /^nginx(?:-|$)/,
    jails: ['nginx-http-auth', 'nginx-botsearch', 'nginx-bad-request', 'nginx-limit-req'],
    processes: ['nginx'],
    units: ['nginx.service'],
    binaries: ['nginx'],
    logs: ['/var/log/nginx/*error.log', '/var/log/nginx/*access.log'],
    writesLogs: true,
  },
  {
    id: 'apache',
    name: 'Apache',
    filters: /^apache(?:-|$)/,
    jails: ['apache-auth', 'apache-botsearch', 'apache-badbots', 'apache-noscript', 'apache-overflows'],
    processes: ['apache2', 'httpd'],
    units: ['apache2.service', 'httpd.service'],
    binaries: ['apache2', 'httpd'],
    logs: [
      '/var/log/apache2/*error.log',
      '/var/log/apache2/*access.log',
      '/var/log/httpd/*error_log',
      '/var/log/httpd/*access_log',
    ],
    writesLogs: true,
  },
  {
    id: 'dovecot',
    name: 'dovecot',
    filters: /^dovecot$/,
    jails: ['dovecot'],
    processes: ['dovecot', 'imap-login', 'pop3-login'],
    units: ['dovecot.service'],
    binaries: ['dovecot'],
    logs: ['/var/log/dovecot.log', ...mail],
  },
  {
    id: 'postfix',
    name: 'postfix',
    filters: /^postfix(?:-|$)/,
    jails: ['postfix', 'postfix-sasl', 'postfix-rbl'],
    processes: ['master'],
    units: ['postfix.service', 'postfix@-.service'],
    binaries: ['postfix'],
    logs: mail,
  },
  {
    id: 'exim',
    name: 'exim',
    filters: /^exim(?:-|$)/,
    jails: ['exim', 'exim-spam'],
    processes: ['exim4', 'exim'],
    units: ['exim4.service', 'exim.service'],
    binaries: ['exim4', 'exim'],
    logs: ['/var/log/exim4/mainlog', '/var/log/exim/main.log'],
    writesLogs: true,
  },
  {
    id: 'vsftpd',
    name: 'vsftpd',
    filters: /^vsftpd$/,
    jails: ['vsftpd'],
    processes: ['vsftpd'],
    units: ['vsftpd.service'],
    binaries: ['vsftpd'],
    logs: ['/var/log/vsftpd.log'],
    writesLogs: true,
  },
  {
    id: 'proftpd',
    name: 'proftpd',
    filters: /^proftpd$/,
    jails: ['proftpd'],
    processes: ['proftpd'],
    units: ['proftpd.service'],
    binaries: ['proftpd'],
    logs: ['/var/log/proftpd/proftpd.log', '/var/log/proftpd/auth.log'],
    writesLogs: true,
  },
]

/** Services that only the suggestions know: no check of the protection looks at their logs. */
const others: readonly Row[] = [
  other('pure-ftpd', 'Pure-FTPd', { logs: ['/var/log/pure-ftpd/*.log'] }),
  other('lighttpd', 'lighttpd', { jails: ['lighttpd-auth'], logs: ['/var/log/lighttpd/error.log'] }),
  other('haproxy', 'HAProxy', { jails: ['haproxy-http-auth'], logs: ['/var/log/haproxy.log'] }),
  other('squid', 'Squid', { logs: ['/var/log/squid/access.log'] }),
  other('asterisk', 'Asterisk', { logs: ['/var/log/asterisk/messages', '/var/log/asterisk/messages.log'] }),
  other('mariadb', 'MariaDB or MySQL', {
    jails: ['mysqld-auth'],
    processes: ['mariadbd', 'mysqld'],
    units: ['mariadb.service', 'mysql.service'],
    binaries: ['mariadbd', 'mysqld'],
    logs: ['/var/log/mysql/error.log', '/var/log/mariadb/mariadb.log'],
  }),
  other('mongodb', 'MongoDB', {
    jails: ['mongodb-auth'],
    processes: ['mongod'],
    units: ['mongod.service'],
    binaries: ['mongod'],
    logs: ['/var/log/mongodb/mongod.log'],
  }),
  other('named', 'BIND', {
    jails: ['named-refused'],
    units: ['named.service', 'bind9.service'],
    logs: ['/var/log/named/security.log'],
  }),
  other('grafana', 'Grafana', {
    units: ['grafana-server.service'],
    binaries: ['grafana-server', 'grafana'],
    logs: ['/var/log/grafana/grafana.log'],
  }),
  other('slapd', 'OpenLDAP', {
    jails: ['slapd'],
    processes: ['slapd'],
    binaries: ['slapd'],
    units: ['slapd.service'],
    logs: ['/var/log/slapd.log'],
  }),
  other('courier', 'Courier', {
    jails: ['courier-auth', 'courier-smtp'],
    processes: ['couriertcpd'],
    units: ['courier-imap.service', 'courier.service'],
    binaries: ['couriertcpd'],
    logs: mail,
  }),
  other('sogo', 'SOGo', {
    jails: ['sogo-auth'],
    processes: ['sogod'],
    binaries: ['sogod'],
    logs: ['/var/log/sogo/sogo.log'],
  }),
  other('murmur', 'Mumble server', {
    jails: ['murmur'],
    processes: ['murmurd', 'mumble-server'],
    units: ['mumble-server.service'],
    binaries: ['murmurd', 'mumble-server'],
    logs: ['/var/log/mumble-server/mumble-server.log'],
  }),
]

function other(id: string, name: string, known: Partial<Row>): Row {
  const filters = new RegExp(`^${id}(?:-|$)`)
  const own = { jails: [id], processes: [id], units: [`${id}.service`], binaries: [id], logs: [] }
  return { id, name, filters, ...own, ...known }
}

const withDefaults = (row: Row): Service => ({ writesLogs: false, ...row })

/** The services whose logs the checks of the protection know. */
export const checkedServices: readonly Service[] = rows.map(withDefaults)

/** All services that BanGUI knows. */
export const services: readonly Service[] = [...rows, ...others].map(withDefaults)
