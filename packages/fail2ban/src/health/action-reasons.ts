/** What an error output of a firewall's program means, and what to do. */
interface Explanation {
  /** a few words; null: the output itself has to do */
  readonly what: string | null
  readonly remedy: string
}

const explanations: readonly (readonly [pattern: RegExp, what: string, remedy: string])[] = [
  [
    /([\w-]{1,40}): (?:command )?not found|returned 127/,
    'a program is not installed',
    'Install the program, or choose another banaction, such as nftables. Then restart the jail.',
  ],
  [
    /Permission denied \(you must be root\)|Operation not permitted/,
    'fail2ban may not change the firewall',
    'Run fail2ban as root, and in a container with the capability NET_ADMIN.',
  ],
  [
    /Hash is full, cannot add more elements/,
    'the set of the firewall is full',
    'Use a larger set, or nftables. See the check “A set of the firewall is full”.',
  ],
  [
    /interval overlaps with an existing one|You must add 'flags interval'/,
    'the firewall refuses the network',
    'Ban single addresses, or unban what lies inside the network first.',
  ],
  [
    /DBUS_ERROR|FirewallD is not running|returned (?:36|252)/,
    'firewalld is not running',
    'Start firewalld, or choose another banaction.',
  ],
  [
    /Could not process rule|No chain\/target\/match by that name|does not exist|No such file or directory/,
    'the rules of fail2ban are gone',
    'Another program has removed the rules of fail2ban. Restart the jail: it then writes them and its bans again.',
  ],
  [/timed out after/, 'the command takes too long', 'Find out why the command hangs; run it by hand.'],
  [
    /Another app is currently holding the xtables lock/,
    'another program holds the lock of iptables',
    'Let the action call iptables with -w (parameter lockingopt).',
  ],
]

/** Returns what a reason means. */
export function explainReason(reason: string): Explanation {
  const found = explanations.find(([pattern]) => pattern.test(reason))
  if (!found)
    return { what: null, remedy: 'Run the command by hand to see what it needs, and correct the action.' }
  const [, what, remedy] = found
  return { what, remedy }
}
