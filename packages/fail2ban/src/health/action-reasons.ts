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
    'fail2ban has no permission to change the firewall',
    'Run fail2ban as root; in a container, also give it the capability NET_ADMIN.',
  ],
  [
    /Hash is full, cannot add more elements/,
    'the firewall set is full',
    'Use a larger set, or nftables. See the check “A firewall set is full”.',
  ],
  [
    /interval overlaps with an existing one|You must add 'flags interval'/,
    'the firewall refuses the network',
    'Ban single addresses, or first unban the addresses inside the network.',
  ],
  [
    /DBUS_ERROR|FirewallD is not running|returned (?:36|252)/,
    'firewalld is not running',
    'Start firewalld, or choose another banaction.',
  ],
  [
    /Could not process rule|No chain\/target\/match by that name|does not exist|No such file or directory/,
    'fail2ban’s rules are gone',
    'Another program has removed fail2ban’s rules. Restart the jail: it then writes its rules and bans again.',
  ],
  [/timed out after/, 'the command takes too long', 'Run the command by hand to find out why it hangs.'],
  [
    /Another app is currently holding the xtables lock/,
    'another program holds the iptables lock',
    'Make the action call iptables with -w (parameter lockingopt).',
  ],
]

/** Returns what a reason means. */
export function explainReason(reason: string): Explanation {
  const found = explanations.find(([pattern]) => pattern.test(reason))
  if (!found)
    return { what: null, remedy: 'Run the command by hand to see why it fails, then correct the action.' }
  const [, what, remedy] = found
  return { what, remedy }
}
