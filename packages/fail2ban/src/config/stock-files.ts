// The files that come with fail2ban, of every version from 0.11.2 to 1.1.1 and the usual distributions: they are never written.

const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** The filters that come with fail2ban, by the name of their file. */
export const stockFilters: ReadonlySet<string> = names(`
  3proxy apache-auth apache-badbots apache-botsearch apache-common apache-fakegooglebot apache-modsecurity
  apache-nohome apache-noscript apache-overflows apache-pass apache-shellshock assp asterisk bitwarden
  botsearch-common centreon common counter-strike courier-auth courier-smtp cyrus-imap dante directadmin
  domino-smtp dovecot dropbear drupal-auth ejabberd-auth exim exim-common exim-spam freeswitch froxlor-auth
  gitlab grafana groupoffice gssftpd guacamole haproxy-http-auth horde kerio lighttpd-auth mongodb-auth
  monit monitorix mssql-auth murmur mysqld-auth nagios named-refused nginx-bad-request nginx-botsearch
  nginx-error-common nginx-forbidden nginx-http-auth nginx-limit-req nsd openhab openvpn openwebmail
  oracleims pam-generic perdition php-url-fopen phpmyadmin-syslog portsentry postfix proftpd proxmox
  pure-ftpd qmail recidive roundcube-auth routeros-auth scanlogd screensharingd selinux-common selinux-ssh
  sendmail-auth sendmail-reject sieve slapd softethervpn sogo-auth solid-pop3d squid squirrelmail sshd
  stunnel suhosin tine20 traefik-auth uwimap-auth vaultwarden vsftpd webmin-auth wuftpd xinetd-fail xrdp
  znc-adminlog zoneminder
`)

/** The actions that come with fail2ban. */
export const stockActions: ReadonlySet<string> = names(`
  abuseipdb apf apprise badips blocklist_de bsd-ipfw cloudflare cloudflare-token complain csf dshield dummy
  firewallcmd-allports firewallcmd-common firewallcmd-ipset firewallcmd-multiport firewallcmd-new
  firewallcmd-rich-logging firewallcmd-rich-rules helpers-common hostsdeny ipfilter ipfw iptables
  iptables-allports iptables-common iptables-ipset iptables-ipset-proto4 iptables-ipset-proto6
  iptables-ipset-proto6-allports iptables-multiport iptables-multiport-log iptables-new
  iptables-xt_recent-echo ipthreat mail mail-buffered mail-whois mail-whois-common mail-whois-lines
  mikrotik mynetwatchman netscaler nftables nftables-allports nftables-multiport nginx-block-map npf
  nsupdate osx-afctl osx-ipfw pf route sendmail sendmail-buffered sendmail-common sendmail-geoip-lines
  sendmail-whois sendmail-whois-ipjailmatches sendmail-whois-ipmatches sendmail-whois-lines
  sendmail-whois-matches shorewall shorewall-ipset-proto6 symbiosis-blacklist-allports ufw
  xarf-login-attack
`)

/** The other files, relative to the configuration folder. */
export const stockFiles: ReadonlySet<string> = names(`
  jail.conf fail2ban.conf paths-arch.conf paths-common.conf paths-debian.conf paths-fedora.conf paths-freebsd.conf
  paths-opensuse.conf paths-osx.conf paths-pkgsrc.conf
  jail.d/defaults-debian.conf jail.d/00-firewalld.conf jail.d/00-systemd.conf jail.d/alpine-ssh.conf
`)
