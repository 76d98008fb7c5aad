/** The jail for manual bans that last longer than a jail's own. BanGUI sets it up; it reads no log. */
export const MANUAL_JAIL = 'bangui'

/** The jail for blocklists. BanGUI sets it up; it reads no log. */
export const LISTS_JAIL = 'blocklists'
