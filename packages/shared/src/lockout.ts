import type { Edit, SetEdit } from './edit.ts'

/** Options that decide who is banned, or what a ban blocks. */
const riskyKeys =
  /^(?:ignoreip|ignoreself|ignorecommand|ignorecache|.*action.*|port|protocol|chain|.*regex|datepattern|filter|mode|usedns)$/

/** Options that decide how soon and how long somebody is banned. */
const limitKeys = /^(?:enabled|maxretry|findtime|bantime.*)$/

/** Returns whether a jail watches the way in: by SSH, or to BanGUI itself. */
const isWayIn = (jail: string) => /ssh|bangui/i.test(jail)

const isRiskySet = ({ scope, name, key }: SetEdit) => {
  if (scope === 'fail2ban') return false
  if (riskyKeys.test(key.toLowerCase()) || scope === 'filter' || scope === 'action') return true
  return limitKeys.test(key.toLowerCase()) && (scope === 'default' || isWayIn(name ?? ''))
}

/** Returns whether edits can lock people out. The text of a file can have anything in it. */
export const mayLockOut = (edits: readonly Edit[]): boolean =>
  edits.some((edit) => (edit.kind === 'set' ? isRiskySet(edit) : edit.kind === 'file'))
