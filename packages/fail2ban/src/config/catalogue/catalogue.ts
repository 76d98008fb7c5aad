import { actionCatalogue } from './action-options.ts'
import type { CatalogueOption, OptionScope } from './catalogue-option.ts'
import { fail2banCatalogue, threadCatalogue } from './fail2ban-options.ts'
import { filterCatalogue } from './filter-options.ts'
import { jailCatalogue, variableCatalogue } from './jail-options.ts'

/** Every option that fail2ban reads, and the variables that its `jail.conf` uses, by where they stand. */
export const catalogue: Readonly<Record<OptionScope, readonly CatalogueOption[]>> = {
  jail: [...jailCatalogue, ...filterCatalogue, ...variableCatalogue],
  filter: filterCatalogue,
  action: actionCatalogue,
  fail2ban: [...fail2banCatalogue, ...threadCatalogue],
}

/** Returns what is known of an option; undefined: fail2ban does not know it. */
export const findOption = (scope: OptionScope, key: string): CatalogueOption | undefined =>
  catalogue[scope].find((option) => option.key === key)
