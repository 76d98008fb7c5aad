import * as z from 'zod'
import { OperationId } from './ban.ts'
import { MAX_IGNORE_NOTE, MAX_IGNORES } from './ignorable.ts'
import { JailName } from './jail-name.ts'
import { Time } from './time.ts'

/** An entry of the allow list: what fail2ban must never ban, as somebody asked BanGUI for it. */
export const Ignore = z.object({
  id: z.int(),
  /** an address or a network in canonical text, or a host name */
  address: z.string(),
  /** null: every jail */
  jail: z.string().nullable(),
  /** it is for every host, not for one alone */
  everyHost: z.boolean(),
  note: z.string().nullable(),
  /** the name of who added it */
  by: z.string(),
  addedAt: Time,
  /** when BanGUI ends it; null: it does not */
  expiresAt: Time.nullable(),
})
export type Ignore = z.infer<typeof Ignore>

/** A place in the configuration that has an entry. */
export const IgnorePlace = z.object({
  /** `DEFAULT`, or the name of a jail */
  section: z.string(),
  file: z.string().nullable(),
  /** counts from 1 */
  line: z.int().nullable(),
})
export type IgnorePlace = z.infer<typeof IgnorePlace>

/** An entry of an ignore list, with where it holds: by what fail2ban answers, not by what BanGUI did. */
export const ListedIgnore = Ignore.extend({
  /** null: it is not BanGUI's */
  id: z.int().nullable(),
  by: z.string().nullable(),
  addedAt: Time.nullable(),
  /** who it is from: BanGUI's list, fail2ban's configuration, or somebody who set it until the next load */
  source: z.enum(['bangui', 'config', 'runtime']),
  /** the first of its places in the configuration */
  file: z.string().nullable(),
  line: z.int().nullable(),
  places: z.array(IgnorePlace),
  /** the running jails that have it now */
  holdsIn: z.array(z.string()),
  /** since when each of them has it, as far as BanGUI knows */
  holdsSince: z.array(z.object({ jail: z.string(), since: Time })),
  /** the running jails that should have it and do not, with the reason where it is known */
  missingIn: z.array(z.object({ jail: z.string(), problem: z.string().nullable() })),
  /** it is in the configuration, for all jails that it is meant for; null: not known */
  lasts: z.boolean().nullable(),
  /** a sentence that says why it does not last, or has not ended everywhere yet; null: there is nothing to say */
  problem: z.string().nullable(),
  /** its end has come, and BanGUI has not removed it everywhere yet */
  ended: z.boolean(),
})
export type ListedIgnore = z.infer<typeof ListedIgnore>

/** What the allow list of a host works on. */
export const IgnoreStatus = z.object({
  /** every jail of the configuration, and those that only run */
  jails: z.array(
    z.object({
      jail: z.string(),
      running: z.boolean(),
      /** it never bans the addresses of its own machine */
      self: z.boolean(),
      /** it asks a command as well, which BanGUI does not run */
      hasCommand: z.boolean(),
    }),
  ),
  /** entries are written into the configuration, and outlast BanGUI */
  writable: z.boolean(),
  /** how many hosts BanGUI looks after: an entry can be for all of them */
  hosts: z.int(),
  /** the list for all jails is a copy of one in a file that BanGUI may not write: later changes there have no effect; null: it is not */
  copied: z.object({ from: z.string(), into: z.string() }).nullable(),
  /** a sentence that says why fail2ban cannot be asked where entries hold; null: it can */
  offline: z.string().nullable(),
  /** a sentence that says why the configuration cannot be read; null: it can */
  unreadable: z.string().nullable(),
  /** the address that the visitor comes from; null: not known, or the server's own */
  visitor: z.string().nullable(),
  /** the visitor's address is covered in every running jail */
  visitorCovered: z.boolean(),
})
export type IgnoreStatus = z.infer<typeof IgnoreStatus>

const Note = z.string().trim().max(MAX_IGNORE_NOTE)

/** A new entry. */
export const NewIgnoreInput = z.object({
  address: z.string().trim().min(1).max(260),
  /** @default every jail */
  jail: JailName.nullish(),
  /** for every host, not for the named one alone */
  everyHost: z.boolean().default(false),
  note: Note.nullish(),
  /** @default it does not end */
  expiresAt: Time.nullish(),
})
export type NewIgnoreInput = z.infer<typeof NewIgnoreInput>

export const AddIgnoreInput = NewIgnoreInput.extend({
  /** also ends the bans that the entry covers */
  unban: z.boolean().default(false),
  /** also adds a very wide network (isVeryWide) */
  force: z.boolean().default(false),
  operationId: OperationId.optional(),
})
export type AddIgnoreInput = z.infer<typeof AddIgnoreInput>

export const UpdateIgnoreInput = z.object({
  id: z.int(),
  /** @default it stays */
  note: Note.nullable().optional(),
  /** @default it stays */
  expiresAt: Time.nullable().optional(),
  operationId: OperationId.optional(),
})
export type UpdateIgnoreInput = z.infer<typeof UpdateIgnoreInput>

export const RemoveIgnoreInput = z.object({
  id: z.int(),
  /** also an entry that protects the address of who removes it */
  force: z.boolean().default(false),
  operationId: OperationId.optional(),
})
export type RemoveIgnoreInput = z.infer<typeof RemoveIgnoreInput>

export const ImportIgnoresInput = z.object({
  entries: z.array(NewIgnoreInput).min(1).max(MAX_IGNORES),
  operationId: OperationId.optional(),
})
export type ImportIgnoresInput = z.infer<typeof ImportIgnoresInput>

export const ListIgnoresInput = z.object({ jail: JailName.optional() }).prefault({})
export type ListIgnoresInput = z.infer<typeof ListIgnoresInput>

export const CheckIgnoreInput = z.object({ address: z.string().trim().min(1).max(100) })
export type CheckIgnoreInput = z.infer<typeof CheckIgnoreInput>

export const SetIgnoreSelfInput = z.object({
  jail: JailName,
  self: z.boolean(),
  operationId: OperationId.optional(),
})
export type SetIgnoreSelfInput = z.infer<typeof SetIgnoreSelfInput>

/** How a change of the allow list ended. */
export const IgnoreResult = z.object({
  /** the running jails that have the entry, or no longer have it */
  jails: z.array(z.string()),
  /** the configuration is as it should be */
  lasts: z.boolean(),
  /** sentences about what could not be done */
  problems: z.array(z.string()),
})
export type IgnoreResult = z.infer<typeof IgnoreResult>

export const IgnoreAdded = IgnoreResult.extend({
  id: z.int(),
  /** how many bans in force the entry covers */
  covered: z.int().nonnegative(),
  unbanned: z.int().nonnegative(),
})
export type IgnoreAdded = z.infer<typeof IgnoreAdded>

export const IgnoresImported = IgnoreResult.extend({
  added: z.int().nonnegative(),
  /** the list had them already */
  existing: z.int().nonnegative(),
  refused: z.array(z.object({ address: z.string(), reason: z.string() })),
})
export type IgnoresImported = z.infer<typeof IgnoresImported>

/** Whether each jail would ban an address that fails often enough. */
export const IgnoreCheck = z.object({
  address: z.string(),
  jails: z.array(
    z.object({
      jail: z.string(),
      wouldBan: z.boolean(),
      /** BanGUI knows all that decides it */
      certain: z.boolean(),
      /** a sentence */
      reason: z.string(),
    }),
  ),
})
export type IgnoreCheck = z.infer<typeof IgnoreCheck>
