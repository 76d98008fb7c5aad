import * as z from 'zod'

/** Who banned: fail2ban itself, a user of BanGUI (with the name), a blocklist, or somebody unknown, such as a user of fail2ban-client. */
export const BannedBy = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['fail2ban', 'user', 'unknown']), name: z.string().nullable() }),
  /** `list`: the id of the blocklist, which is never used again; `name`: what it was called at the time of the ban */
  z.object({ kind: z.literal('blocklist'), name: z.string().nullable(), list: z.int().min(1) }),
])
export type BannedBy = z.infer<typeof BannedBy>

/** Returns whether BanGUI made a ban: for a user, or from a blocklist. */
export const isByBangui = ({ kind }: BannedBy): boolean => kind === 'user' || kind === 'blocklist'

/** Whose bans are meant: fail2ban's, those of users, of somebody unknown, of all blocklists, or of one (`blocklist:3`). */
export const Origin = z.union([
  z.enum(['fail2ban', 'user', 'unknown', 'blocklist']),
  z
    .string()
    .regex(/^blocklist:[1-9][0-9]{0,8}$/)
    .transform((text) => text as `blocklist:${number}`),
])
export type Origin = z.infer<typeof Origin>

/** Returns the origin that narrows a list to bans with the same author. */
export const originOf = (by: BannedBy): Origin => (by.kind === 'blocklist' ? `blocklist:${by.list}` : by.kind)

/** Returns whether a ban with this author has the origin. */
export const hasOrigin = (by: BannedBy, origin: Origin): boolean =>
  origin === by.kind || origin === originOf(by)
