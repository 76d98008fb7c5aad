import { listOfOrigin, type BannedBy, type Origin } from '@bangui/shared'

/** The author of a ban as its row has it. */
export interface AuthorColumns {
  readonly by_kind: BannedBy['kind']
  readonly by_name: string | null
  /** see {@link codeOf} */
  readonly origin: number
}

const codes = { fail2ban: 0, unknown: -1, user: -2 } as const

/** Returns the number that a ban's author has in the database: of a blocklist, its id; others are 0 or below. */
export const codeOf = (by: BannedBy): number => (by.kind === 'blocklist' ? by.list : codes[by.kind])

/** Returns the columns of a ban's author. */
export const columnsOf = (by: BannedBy): AuthorColumns => ({
  by_kind: by.kind,
  by_name: by.name,
  origin: codeOf(by),
})

/** Returns the author of a row. */
export const authorOfRow = ({ by_kind: kind, by_name: name, origin }: AuthorColumns): BannedBy =>
  kind === 'blocklist' ? { kind, name, list: origin } : { kind, name }

/** Returns the origin that a number stands for. */
export function originOfCode(code: number): Origin {
  if (code > 0) return `blocklist:${code}`
  return code === 0 ? 'fail2ban' : code === codes.user ? 'user' : 'unknown'
}

/** The numbers of an origin: all of them at once, where several are meant. */
export interface OriginCodes {
  /** SQL: what the number has to be */
  readonly condition: string
  /** the only number that it can be; null: there are several */
  readonly only: number | null
}

/** Returns the numbers of an origin. */
export function codesOf(origin: Origin): OriginCodes {
  const only = origin === 'blocklist' ? null : (listOfOrigin(origin) ?? codes[origin as keyof typeof codes])
  return { condition: only === null ? '> 0' : `= ${only}`, only }
}
