import type { CatalogueOption } from './catalogue-option.ts'

const command = (key: string, meaning: string): CatalogueOption => ({
  key,
  type: 'command',
  meaning,
  needs: 'jail restart',
  privilege: 'all',
})

const actionSwitch = (key: string, meaning: string): CatalogueOption => ({
  key,
  type: 'switch',
  default: 'false',
  meaning,
  needs: 'jail restart',
  privilege: 'all',
})

/** The options of `[Definition]` of an action, in the order in which fail2ban reads them. */
export const actionCatalogue: readonly CatalogueOption[] = [
  command('actionstart', 'The command that prepares the firewall, once for each jail.'),
  actionSwitch('actionstart_on_demand', 'Whether the start command runs only at the first ban.'),
  command(
    'actionstop',
    'The command that removes what the start command created; it runs when the jail stops.',
  ),
  command('actionflush', 'The command that ends all bans of a jail at once.'),
  command('actionreload', 'The command that runs when the action is reloaded.'),
  command('actioncheck', 'The command that checks, before a ban, that the firewall is still prepared.'),
  command('actionrepair', 'The command that repairs the firewall when the check fails.'),
  actionSwitch('actionrepair_on_unban', 'Whether a failed check is also repaired when a ban ends.'),
  command('actionban', 'The command that blocks an address.'),
  command('actionprolong', 'The command that runs when a ban gets longer.'),
  command('actionreban', 'The command that blocks an already banned address again.'),
  command('actionunban', 'The command that unblocks an address.'),
  actionSwitch('norestored', 'Whether the action skips the bans that fail2ban restores when it starts.'),
]
